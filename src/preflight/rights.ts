import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { bindingsOf, type Binding } from "./bindings.ts";
import { covers, grantsOf, grantText, isCut, type Grant } from "./grants.ts";
import { cautionOf, earlierStates, writtenState, type Planned } from "./planned.ts";
import { listed } from "./reading.ts";

/** What RBAC allows after this change and did not before, and the other way round, in words. */
export interface RightsChange {
  readonly given: readonly string[];
  readonly taken: readonly string[];
  /** Of what is given, that with which its holder can take more, or read what is secret. */
  readonly dangerous: readonly string[];
}

const RBAC = "rbac.authorization.k8s.io/";

/** The change of rights that an object of RBAC makes; nothing for any other object. */
export function rightsChange(planned: Planned): RightsChange {
  if (`${planned.ref.group}/` !== RBAC) return { given: [], taken: [], dangerous: [] };
  return planned.ref.kind.endsWith("Binding") ? bindingChange(planned) : roleChange(planned);
}

/** Roles and bindings that this change widens in a dangerous way. */
export function widenedRights(plan: readonly Planned[]): readonly Problem[] {
  return plan.flatMap((planned) => {
    const { dangerous } = rightsChange(planned);
    if (dangerous.length === 0) return [];
    const remedy = "check that its holders need it, and no more than they need";
    return [cautionOf(planned, { code: "rights-widened", what: listed(dangerous), remedy })];
  });
}

/** The change of rights as notes on the object. */
export function rightsNotes(planned: Planned): readonly string[] {
  const { given, taken } = rightsChange(planned);
  const [more, less] = planned.ref.kind.endsWith("Binding")
    ? ["gives", "no longer gives"]
    : ["may now", "may no longer"];
  return [
    ...(given.length === 0 ? [] : [`${more} ${listed(given, MOST)}`]),
    ...(taken.length === 0 ? [] : [`${less} ${listed(taken, MOST)}`]),
  ];
}

const MOST = 8;

function roleChange(planned: Planned): RightsChange {
  const { before, after, kept } = sidesOf(planned, grantsOf);
  const given = after.filter((grant) => !before.some((other) => covers(other, grant)));
  const taken = kept.filter((grant) => !after.some((other) => covers(other, grant)));
  const dangerous = grantText(given.filter(isDangerous)).map((text) => `may now ${text}`);
  const unread = given.length > 0 && isCut(after) ? ["may do more than is compared here: read its rules"] : [];
  return { given: grantText(given), taken: grantText(taken), dangerous: [...dangerous, ...unread] };
}

function bindingChange(planned: Planned): RightsChange {
  const { before, after, kept } = sidesOf(planned, bindingsOf);
  const texts = (bindings: readonly Binding[]): ReadonlySet<string> => new Set(bindings.map(({ text }) => text));
  const given = after.filter(({ text }) => !texts(before).has(text));
  const taken = kept.filter(({ text }) => !texts(after).has(text));
  const toText = ({ text }: Binding): string => text;
  const dangerous = given.filter((binding) => binding.isDangerous).map(({ text }) => `gives ${text}`);
  return { given: given.map(toText), taken: taken.map(toText), dangerous };
}

interface Rights<Item> {
  /** All that was there before, in Git or live. */
  readonly before: readonly Item[];
  readonly after: readonly Item[];
  /** What an earlier state holds that counts as taken when it goes. */
  readonly kept: readonly Item[];
}

function sidesOf<Item>(planned: Planned, of: (object: KubeObject) => readonly Item[]): Rights<Item> {
  const written = writtenState(planned);
  if (written === undefined && planned.op !== "delete") return { before: [], after: [], kept: [] };
  const [first] = [planned.live ?? planned.base].filter((object) => object !== undefined);
  return {
    before: earlierStates(planned).flatMap(of),
    after: written === undefined ? [] : of(written),
    kept: first === undefined ? [] : of(first),
  };
}

const READING = ["get", "list", "watch", "*"];
const TAKING = ["escalate", "bind", "impersonate"];
const ENTERING = ["pods/exec", "pods/attach", "nodes/proxy", "serviceaccounts/token"];

function isDangerous(grant: Grant): boolean {
  if (grant.kind === "address") return grant.address === "*" || grant.verb === "*";
  const { verb, resource, group, name } = grant;
  if (verb === "*" || resource === "*" || TAKING.includes(verb)) return true;
  if (group !== "" && group !== "*") return false;
  if (resource === "secrets") return name === undefined && READING.includes(verb);
  return ENTERING.includes(resource);
}
