import { isMap } from "../model/json.ts";
import type { Refused, RefusalRule } from "./refusal-rule.ts";
import { withoutSubject } from "./refusal-text.ts";

/** What our identity may not do. */
export const RIGHT_RULES: readonly RefusalRule[] = [
  {
    code: "rbac-escalation",
    applies: ({ httpStatus, message }) => httpStatus === 403 && message.includes(ESCALATION),
    says: ({ refusal }) => escalationText(refusal.message),
    remedy: ({ ref }) =>
      `give this identity these rights, or the verb ${ref.kind.endsWith("Binding") ? "bind" : "escalate"} on the role`,
  },
  {
    code: "forbidden",
    applies: ({ httpStatus, message }) => httpStatus === 403 && missingRight(message) !== undefined,
    says: ({ refusal }) => {
      const right = missingRight(refusal.message);
      return right === undefined ? withoutSubject(refusal.message) : `${right.user} may not ${right.text}`;
    },
    remedy: rightRemedy,
  },
  {
    code: "role-missing",
    applies: ({ httpStatus, kind }) =>
      httpStatus === 404 && (kind === "rolebindings" || kind === "clusterrolebindings"),
    says: (refused) => `${roleText(refused)} does not exist, so nobody can say whether it may be granted`,
    remedy: "add the role, or correct roleRef",
  },
];

const ESCALATION = "attempting to grant RBAC permissions not currently held";

/** `ada may not grant what it does not hold itself: get,list secrets` */
function escalationText(message: string): string {
  const user = /user "([^"]*)"/.exec(message)?.[1] ?? "this identity";
  const rules = [...message.matchAll(/\{([^{}]*)\}/g)].map(([, rule = ""]) => ruleText(rule));
  const more = rules.length - MOST_RULES;
  const told = rules.slice(0, MOST_RULES).join("; ");
  return `${user} may not grant what it does not hold itself: ${told}${more > 0 ? `; and ${more} more` : ""}`;
}

const MOST_RULES = 5;

/** `get,list secrets` of `APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]` */
function ruleText(rule: string): string {
  const list = (name: string): readonly string[] =>
    [...(new RegExp(`${name}:\\[([^\\]]*)\\]`).exec(rule)?.[1] ?? "").matchAll(/"([^"]*)"/g)].map(
      ([, text = ""]) => text,
    );
  const group = list("APIGroups").filter((name) => name !== "");
  const resources = list("Resources").map((name) => [name, ...group].join("."));
  const names = list("ResourceNames");
  const what = [...resources, ...list("NonResourceURLs").map((url) => `URL ${url}`)].join(",");
  return `${list("Verbs").join(",")} ${what}${names.length === 0 ? "" : ` named ${names.join(",")}`}`;
}

interface MissingRight {
  readonly user: string;
  readonly verb: string;
  /** `patch deployments.apps in namespace shop` */
  readonly text: string;
  readonly namespaced: boolean;
}

const RIGHT =
  /User "([^"]*)" cannot (\w+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?(?: at the cluster scope)?/;

function missingRight(message: string): MissingRight | undefined {
  const [all, user = "", verb = "", resource = "", group = "", namespace] = RIGHT.exec(message) ?? [];
  if (all === undefined) return undefined;
  const what = group === "" ? resource : `${resource}.${group}`;
  // Of a Namespace the server says that it lies in itself.
  const namespaced = namespace !== undefined && what !== "namespaces";
  return { user, verb, text: `${verb} ${what}${namespaced ? ` in namespace ${namespace}` : ""}`, namespaced };
}

function rightRemedy({ refusal }: Refused): string {
  const right = missingRight(refusal.message);
  if (right?.verb === "create")
    return "give this identity the verb create as well: patch alone changes only what exists";
  const where = right?.namespaced === true ? "a Role or ClusterRole" : "a ClusterRole";
  return `give this identity the verb ${right?.verb ?? "that is named"} in ${where}`;
}

function roleText({ refusal, sent }: Refused): string {
  const role = sent?.["roleRef"];
  const kind = isMap(role) && typeof role["kind"] === "string" ? role["kind"] : "role";
  return `${kind} ${refusal.name ?? ""}`.trim();
}
