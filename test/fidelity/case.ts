import type { KubeObject } from "../../src/model/object.ts";
import type { MutationName } from "./mutations.ts";
import type { Random } from "./random.ts";
import type { Recipe, Spot } from "./recipe.ts";

/** How an object came into the cluster before the change: by us, or by somebody whose work we take over. */
export const STARTS = ["ours", "kubectl apply", "helm", "flux", "argo cd"] as const;
export type Start = (typeof STARTS)[number];

/** Who may have written between our last apply and this change. */
export const EDIT_NAMES = [
  "none",
  "kubectl edit",
  "kubectl label",
  "kubectl annotate",
  "a second applier",
  "a status writer",
  "kubectl scale",
  "kubectl set env",
  "kubectl rollout restart",
  "kubectl apply",
] as const;
export type EditName = (typeof EDIT_NAMES)[number];

/** One change of one object, with what happened before it. It depends on the seed and its own number alone. */
export interface Case {
  /** `7/Deployment/3`: gives this very case again. */
  readonly id: string;
  readonly recipe: Recipe;
  readonly spot: Spot;
  readonly start: Start;
  readonly edit: EditName;
  /** The app may take over what other tools applied. */
  readonly adopts: boolean;
  readonly mutation: MutationName | "create" | "leave Git";
  /** What Git wanted before, and what it wants now. */
  readonly before: KubeObject;
  readonly after?: KubeObject;
  /** A third state of the object, for whoever edits it by hand. */
  readonly donor: KubeObject;
  /** Choices of whoever edits it. */
  readonly random: Random;
}
