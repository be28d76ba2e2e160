import type { Json } from "./json.ts";
import type { Place } from "./place.ts";
import type { Ref } from "./ref.ts";

export type Op = "create" | "update" | "replace" | "delete" | "keep" | "ownership";

/**
 * How a prediction was made.
 * - `server`: the API server said so
 * - `surrogate`: it said so for the same object in another namespace
 * - `offline`: no server was asked
 * - `unread`: the live object could not be read
 */
export type Certainty = "server" | "surrogate" | "offline" | "unread";

/** A secret value: that it exists, and nothing else of it. */
export interface MaskedValue {
  readonly masked: true;
}
export type Value = Json | MaskedValue;

/** Who made a difference: this pull request, somebody in the cluster before it, or the server (defaults, admission). */
export type Origin = "pull-request" | "drift" | "server";

export interface FieldChange {
  /** `spec.template.spec.containers[name=web].image` */
  readonly path: string;
  /** Absent: the field is not there. */
  readonly before?: Value;
  readonly after?: Value;
  readonly from: Origin;
}

export interface Change {
  readonly op: Op;
  readonly ref: Ref;
  readonly version: string;
  /** Of an update: the target (`environment/app`) that it leaves. Of a create: the object (`ConfigMap shop/web`) whose place it takes. */
  readonly movedFrom?: string;
  readonly certainty: Certainty;
  /** Why the certainty is not `server`, or why an object is kept. */
  readonly because?: string;
  readonly restarts?: number;
  readonly fields: readonly FieldChange[];
  /** A create that takes the place of `movedFrom`: where it differs from that object. */
  readonly differences?: readonly FieldChange[];
  /** What its fields do not say by themselves: pods that stop, rights that are given. */
  readonly notes?: readonly string[];
  /** `Warning` headers of the server's answer. */
  readonly warnings: readonly string[];
  readonly at?: Place;
}

/** A manager as it named itself: a hint, not an identity. */
export interface Author {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  /** RFC 3339, whole seconds. */
  readonly time?: string;
}

export type DriftClass = "changed" | "missing" | "extra" | "taken" | "orphan" | "stuck";

/** A live difference that this pull request did not make. */
export interface Drift {
  readonly ref: Ref;
  readonly class: DriftClass;
  /** Empty when the whole object is meant (missing, orphan, stuck). */
  readonly path: string;
  readonly git?: Value;
  readonly live?: Value;
  readonly by?: Author;
  readonly onMerge: "reverted" | "kept";
  /** Whether a drift run lets it make the target drifted; absent where nobody has judged. */
  readonly counts?: boolean;
  /** Counts even where `extra: report` would not (container, volume, host namespace, security context, RBAC, webhook). */
  readonly security: boolean;
}
