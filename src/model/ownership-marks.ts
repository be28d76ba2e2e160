/** Our field manager. Never `kubectl`: the API server treats that name specially. */
export const FIELD_MANAGER = "plumbline";

/** The label by which members of our set are found; its value is the set's id (KEP-3659). */
export const PART_OF_LABEL = "applyset.kubernetes.io/part-of";
