import type { KubeObject } from "../../src/model/object.ts";
import { EDIT_NAMES, STARTS, type Case, type EditName, type Start } from "./case.ts";
import { EDITS } from "./edits.ts";
import { MUTATIONS, type MutationName } from "./mutations.ts";
import { randomOf, type Random } from "./random.ts";
import { make, type Recipe } from "./recipe.ts";
import { RECIPES } from "./recipes.ts";

export interface CasesOptions {
  readonly seed: number;
  /** Per kind. */
  readonly cases: number;
  /** Only this kind, and of it only this case. */
  readonly kind?: string;
  readonly index?: number;
}

/** The cases of a seed, kinds in turn, so that any first part of them is a mix. */
export function casesOf({ seed, cases, kind, index }: CasesOptions): readonly Case[] {
  const recipes = RECIPES.filter((recipe) => kind === undefined || recipe.kind === kind);
  const indices = index === undefined ? Array.from({ length: cases }, (_, position) => position) : [index];
  return indices.flatMap((position) => recipes.map((recipe) => caseOf(recipe, seed, position)));
}

const SWITCHES: readonly MutationName[] = ["switch apiVersion", "switch apiVersion and change"];
const ENDS: readonly Case["mutation"][] = ["create", "leave Git"];

function caseOf(recipe: Recipe, seed: number, index: number): Case {
  const id = `${seed}/${recipe.kind}/${index}`;
  const random = randomOf(id);
  const spot = {
    name: `${recipe.kind.toLowerCase().slice(0, 40)}-${index}`,
    namespace: `f-${recipe.kind.toLowerCase()}-${index}`,
  };
  const before = make(recipe, random, spot);
  const states = { before, donor: make(recipe, random, spot) };
  const { mutation, after } = mutated(recipe, { seed, index }, states, random);
  // What never was ours is nothing to us when it leaves Git.
  const isOurs = ENDS.includes(mutation) || random.chance(0.68);
  const start = isOurs ? "ours" : random.pick(STARTS.slice(1));
  const edit = mutation === "create" ? "none" : editFor(recipe, start, random);
  const adopts = !isOurs || (edit === "a second applier" && random.chance(0.7));
  const donor = make(recipe, random, spot);
  return { id, recipe, spot, start, edit, adopts, mutation, before, ...(after && { after }), donor, random };
}

interface Mutated {
  readonly mutation: Case["mutation"];
  readonly after?: KubeObject;
}

/** Each kind goes through all mutations in an order of its own; one that finds no occasion makes place for the next. */
function mutated(
  recipe: Recipe,
  { seed, index }: { readonly seed: number; readonly index: number },
  { before, donor }: { readonly before: KubeObject; readonly donor: KubeObject },
  random: Random,
): Mutated {
  const all = [...(Object.keys(MUTATIONS) as MutationName[]), ...ENDS] as const;
  const shuffled = randomOf(`${seed}/${recipe.kind}`).shuffled(all);
  const order = recipe.inOtherVersion === undefined ? shuffled : [...SWITCHES, ...shuffled];
  for (let offset = 0; ; offset += 1) {
    const mutation = order[(index + offset) % order.length]!;
    if (mutation === "create") return { mutation, after: before };
    if (mutation === "leave Git") return { mutation };
    const mutate: (material: Parameters<(typeof MUTATIONS)["rewrite"]>[0]) => KubeObject | undefined =
      MUTATIONS[mutation];
    const after = mutate({ before, donor, recipe, random });
    if (after !== undefined) return { mutation, after };
  }
}

function editFor(recipe: Recipe, start: Start, random: Random): EditName {
  if (random.chance(0.25)) return "none";
  const names = EDIT_NAMES.filter((name) => name !== "none" && EDITS[name].fits(recipe));
  const fitting = start === "ours" ? names : names.filter((name) => name !== "kubectl apply");
  // What fits few kinds would else be rare.
  const rare = fitting.filter((name) => !RECIPES.every((other) => EDITS[name].fits(other)));
  return random.pick([...fitting, ...rare, ...rare]);
}
