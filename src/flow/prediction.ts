import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import type { Refusal } from "../model/refusal.ts";

/** What would become of an object if a desired state were written. */
export type Prediction = Predicted | Unpredicted | { readonly kind: "refused"; readonly refusal: Refusal };

export interface Predicted {
  readonly kind: "predicted";
  readonly object: KubeObject;
  /** What the server said beside its answer (`Warning` headers). */
  readonly warnings: readonly string[];
  readonly certainty: "server" | "surrogate" | "offline";
  /** Why it is not certain `server`. */
  readonly because?: string;
  /** Known from the live object alone; nothing was asked. */
  readonly proven?: true;
  /** The object is deleted and made anew. */
  readonly replaces?: true;
  readonly problems?: readonly Problem[];
}

/** Nobody could say more than Git does. */
export interface Unpredicted {
  readonly kind: "unpredicted";
  readonly because: string;
  readonly problems: readonly Problem[];
}
