import { isList, isMap, parseJson, sameJson, type Json } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { stepInto, valueAt, type Path } from "../model/path.ts";
import { comparable, LAST_APPLIED } from "./comparable.ts";
import { declaredAt } from "./declared-place.ts";
import { differences } from "./differences.ts";
import { withDefaults } from "./server-defaults.ts";

/**
 * A merged object with those live fields put back that only go in order to come back: tools that do not apply claim the
 * server's defaults too (`operation: Update` lists all that was stored), and what nobody sends is filled in again.
 */
export function refilled(merged: KubeObject, live: KubeObject, absorbed: readonly ManagedFields[]): KubeObject {
  const gone = differences(comparable(live), comparable(merged)).filter(({ after }) => after === undefined);
  if (gone.length === 0) return merged;
  const filled = withDefaults(merged);
  const written = absorbed.every(({ manager }) => manager === CLIENT_SIDE) ? lastApplied(live) : undefined;
  const isFilled = (path: Path, before: Json | undefined): boolean =>
    sameJson(valueAt(filled, path), before) || (written !== undefined && declaredAt(written, path) === undefined);
  return gone
    .filter(({ path, before }) => isFilled(path, before))
    .reduce<Json>((object, { path, before }) => placed(object, path, before ?? null), merged) as KubeObject;
}

const CLIENT_SIDE = "kubectl-client-side-apply";

/** The manifest that client-side `kubectl apply` was last given: what its entry claims beyond that, the server filled in. */
function lastApplied(live: KubeObject): Json | undefined {
  try {
    return parseJson(live.metadata.annotations?.[LAST_APPLIED] ?? "");
  } catch {
    return undefined;
  }
}

function placed(container: Json, [step, ...rest]: Path, value: Json): Json {
  if (step === undefined) return value;
  const inner = stepInto(container, step);
  if (typeof step === "string")
    return isMap(container) ? { ...container, [step]: placed(inner ?? {}, rest, value) } : container;
  if (!isList(container) || inner === undefined) return container;
  return container.with(container.indexOf(inner), placed(inner, rest, value));
}
