import type { Json, JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { cautionOf, type Planned } from "./planned.ts";
import { listed, mapAt, mapsAt, textAt, textsAt, told } from "./reading.ts";
import { gained } from "./traits.ts";

/** Admission webhooks without which nothing, or no pod, can be written any more in the whole cluster. */
export function wideAdmission(plan: readonly Planned[]): readonly Problem[] {
  return plan.flatMap((planned) => {
    const found = gained(planned, wideWebhooks);
    if (found.length === 0) return [];
    const remedy = "set failurePolicy: Ignore, or leave out namespaces such as kube-system by a selector";
    return [cautionOf(planned, { code: "admission-widened", what: listed(found), remedy })];
  });
}

function wideWebhooks(object: KubeObject): readonly string[] {
  if (!object.apiVersion.startsWith("admissionregistration.k8s.io/") || !object.kind.endsWith("WebhookConfiguration"))
    return [];
  return mapsAt(object, "webhooks").flatMap((webhook) => {
    const held = heldBack(webhook);
    const name = told(textAt(webhook, "name") ?? "?");
    return held === undefined ? [] : [`while ${name} does not answer, ${held} is refused in every namespace`];
  });
}

/** What a webhook that does not answer holds up; `undefined` when it only does so in some places. */
function heldBack(webhook: JsonMap): string | undefined {
  if (webhook["failurePolicy"] === "Ignore") return undefined;
  const selectors = [mapAt(webhook, "namespaceSelector"), mapAt(webhook, "objectSelector")];
  if (selectors.some(hasCondition) || mapsAt(webhook, "matchConditions").length > 0) return undefined;
  const rules = mapsAt(webhook, "rules");
  if (rules.some((rule) => has(rule, "apiGroups", "*") && has(rule, "resources", "*", "*/*"))) return "every write";
  const isOnPods = (rule: JsonMap): boolean =>
    has(rule, "apiGroups", "*", "") &&
    has(rule, "resources", "pods", "*", "*/*") &&
    has(rule, "operations", "*", "CREATE");
  return rules.some(isOnPods) ? "every new pod" : undefined;
}

function hasCondition(selector: JsonMap): boolean {
  return mapsAt(selector, "matchExpressions").length > 0 || Object.keys(mapAt(selector, "matchLabels")).length > 0;
}

function has(rule: Json, field: string, ...wanted: readonly string[]): boolean {
  return textsAt(rule, field).some((text) => wanted.includes(text));
}
