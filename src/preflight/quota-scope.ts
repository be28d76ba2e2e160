import type { JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { podUsage } from "./usage.ts";
import { mapAt, mapsAt, textAt, textsAt } from "./reading.ts";

/** Whether a quota counts a pod; `undefined`: it asks something that is not known here. */
export function countsPod(quota: KubeObject, podSpec: JsonMap): boolean | undefined {
  const answers = [
    ...textsAt(quota, "spec", "scopes").map((scope) => isInScope(podSpec, scope)),
    ...mapsAt(quota, "spec", "scopeSelector", "matchExpressions").map((expression) => matches(podSpec, expression)),
  ];
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** Whether a quota with scopes counts a volume claim: by its attributes class alone. */
export function countsClaim(quota: KubeObject, claimSpec: JsonMap): boolean | undefined {
  const name = textAt(claimSpec, "volumeAttributesClassName") ?? "";
  const answers = [
    ...textsAt(quota, "spec", "scopes").map((scope) => scope === "VolumeAttributesClass" && name !== ""),
    ...mapsAt(quota, "spec", "scopeSelector", "matchExpressions").map((expression) =>
      textAt(expression, "scopeName") === "VolumeAttributesClass"
        ? matchesName(name, textAt(expression, "operator") ?? "", textsAt(expression, "values"))
        : false,
    ),
  ];
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** A quota with scopes counts pods only (and claims by their attributes class). */
export function hasScopes(quota: KubeObject): boolean {
  return (
    textsAt(quota, "spec", "scopes").length > 0 ||
    mapAt(quota, "spec", "scopeSelector")["matchExpressions"] !== undefined
  );
}

function isInScope(podSpec: JsonMap, scope: string): boolean | undefined {
  switch (scope) {
    case "Terminating":
      return podSpec["activeDeadlineSeconds"] !== undefined;
    case "NotTerminating":
      return podSpec["activeDeadlineSeconds"] === undefined;
    case "BestEffort":
      return isBestEffort(podSpec);
    case "NotBestEffort":
      return !isBestEffort(podSpec);
    case "CrossNamespacePodAffinity":
      return hasForeignAffinity(podSpec);
    // Of volume claims, never of pods.
    case "VolumeAttributesClass":
      return false;
    default:
      return undefined;
  }
}

function matches(podSpec: JsonMap, expression: JsonMap): boolean | undefined {
  const [scope = "", operator = ""] = [textAt(expression, "scopeName"), textAt(expression, "operator")];
  if (scope === "VolumeAttributesClass") return false;
  if (scope !== "PriorityClass") return operator === "Exists" ? isInScope(podSpec, scope) : undefined;
  return matchesName(textAt(podSpec, "priorityClassName") ?? "", operator, textsAt(expression, "values"));
}

function matchesName(name: string, operator: string, values: readonly string[]): boolean | undefined {
  switch (operator) {
    case "In":
      return values.includes(name);
    case "NotIn":
      return !values.includes(name);
    case "Exists":
      return name !== "";
    case "DoesNotExist":
      return name === "";
    default:
      return undefined;
  }
}

/** A term of its affinity, or of its opposite, that looks at pods of other namespaces. */
function hasForeignAffinity(podSpec: JsonMap): boolean {
  const terms = ["podAffinity", "podAntiAffinity"].flatMap((which) => [
    ...mapsAt(podSpec, "affinity", which, "requiredDuringSchedulingIgnoredDuringExecution"),
    ...mapsAt(podSpec, "affinity", which, "preferredDuringSchedulingIgnoredDuringExecution").map((weighted) =>
      mapAt(weighted, "podAffinityTerm"),
    ),
  ]);
  return terms.some((term) => textsAt(term, "namespaces").length > 0 || term["namespaceSelector"] !== undefined);
}

function isBestEffort(podSpec: JsonMap): boolean {
  const amounts = podUsage(podSpec);
  return ["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"].every((name) => !amounts.has(name));
}
