import type { Json } from "../model/json.ts";
import { formatPath, type Scalar, type Step } from "../model/path.ts";
import { below, readMember, type FieldSet } from "./field-set.ts";

/** One place of an object, seen from four sides. */
export interface Spot {
  readonly parent?: Spot;
  /** The member of the parent's field set that leads here. */
  readonly member: string;
  /** As it is sent. */
  readonly sent: Json;
  /** As the server would store what is sent. */
  readonly stored: Json;
  readonly live: Json;
  /** What we claim from here on. */
  readonly claim: FieldSet;
}

/** What other managers claim at this place. */
export function claimedElsewhere(spot: Spot, others: readonly FieldSet[]): readonly FieldSet[] {
  if (others.length === 0) return [];
  const members: string[] = [];
  for (let here: Spot | undefined = spot; here?.parent !== undefined; here = here.parent) members.unshift(here.member);
  return others.flatMap((set) => {
    const claim = members.reduce<FieldSet | undefined>(below, set);
    return claim === undefined ? [] : [claim];
  });
}

/** A sentence about a place; paths only, no values. */
export function told(spot: Spot, what: string): string {
  const steps: Step[] = [];
  for (let here: Spot | undefined = spot; here?.parent !== undefined; here = here.parent)
    steps.unshift(stepOf(here.member));
  return `${formatPath(steps) || "the object"} ${what}`;
}

function stepOf(member: string): Step {
  const read = readMember(member);
  if (read?.kind === "field") return read.name;
  if (read?.kind !== "item") return member;
  const scalars = Object.entries(read.keys).filter((entry): entry is [string, Scalar] => isScalar(entry[1]));
  return { item: Object.fromEntries(scalars) };
}

function isScalar(value: Json | undefined): value is Scalar {
  return value !== undefined && value !== null && typeof value !== "object";
}
