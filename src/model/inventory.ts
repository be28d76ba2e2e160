import type { Ref } from "./ref.ts";

/** The commit a target was last brought to. */
export interface AppliedRevision {
  readonly commit: string;
  readonly digest: string;
  /** RFC 3339. */
  readonly time: string;
}

const UNFINISHED = "unfinished";

/** An apply began after this revision and did not come to its end, so what is live may be anything between the two. */
export function isUnfinished({ digest }: AppliedRevision): boolean {
  return digest === UNFINISHED;
}

/** The revision as it stands while an apply writes: `isUnfinished` until the apply ends. */
export function unfinished(applied: AppliedRevision): AppliedRevision {
  return { ...applied, digest: UNFINISHED };
}

/** `server`: a hash of its version, mutating webhooks and policies; and the generation of each definition of a custom kind, by name. */
export type AdmissionMarks = Readonly<Record<string, string>>;

export interface RepositoryId {
  /** GitHub's numeric id, stable over renames; absent outside GitHub. */
  readonly id?: string;
  /** `owner/name` */
  readonly name: string;
}

/** What we own in the cluster for one target (an ApplySet parent, KEP-3659). Only group and kind of the members are kept; members carry the label `applyset.kubernetes.io/part-of: <id>`. */
export interface Inventory {
  readonly id: string;
  readonly kinds: readonly Pick<Ref, "group" | "kind">[];
  readonly namespaces: readonly string[];
  readonly repository: RepositoryId;
  readonly applied?: AppliedRevision;
  /** How the cluster changed what is written to it when every object of this set was last compared by dry-run. */
  readonly admission?: AdmissionMarks;
}
