import { addressOf, preferredKind, type Kinds } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { refKey, type Ref } from "../model/ref.ts";
import type { Cluster } from "../ports.ts";
import { count } from "../report/count.ts";
import { missingReferences, outsideReferences } from "../preflight/missing-references.ts";
import type { Planned } from "../preflight/planned.ts";
import type { Desired } from "./desired.ts";
import type { Judged } from "./judged-plan.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";
import { unlessForbidden } from "./permitted.ts";

export interface ReferencesRequest {
  readonly cluster: Cluster;
  readonly plan: readonly Planned[];
  readonly judged: Judged;
}

// A reader is helped by the first ones; a plan of a thousand new objects must not ask a thousand questions.
const MOST_READ = 64;

/** Objects that are written and name what neither this change nor the cluster has. */
export async function checkReferences(
  { cluster, plan, judged }: ReferencesRequest,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const written = new Set(plan.filter(({ op }) => op === "create" || op === "update").map(({ ref }) => refKey(ref)));
  const { head } = judged.gathered;
  const changed = head.filter(({ ref }) => written.has(refKey(ref)));
  const asked = outsideReferences(objectsOf(changed), objectsOf(head));
  const known = await lookUp(asked.slice(0, MOST_READ), { cluster, judged }, signal);
  // Objects that nothing happens to named it before; `known` holds only what the changed ones name.
  const isMissing = [...known.values()].includes("no");
  const missing = isMissing ? missingReferences(head, (ref) => known.get(refKey(ref)) ?? "unknown") : [];
  const unknown = asked.filter((ref) => (known.get(refKey(ref)) ?? "unknown") === "unknown").length;
  return unknown === 0 ? missing : [...missing, notLookedUp(unknown, asked.length)];
}

function objectsOf(desired: readonly Desired[]): readonly KubeObject[] {
  return desired.map(({ object }) => object);
}

function notLookedUp(unknown: number, named: number): Problem {
  return {
    code: "unread",
    level: "caution",
    message: `${unknown} of ${count(named, "object")} that this change names were not looked up, so one that is missing is not told`,
    remedy: `allow our identity to get them; of many only the first ${MOST_READ} are looked up`,
  };
}

type Presence = "yes" | "no" | "unknown";

async function lookUp(
  refs: readonly Ref[],
  { cluster, judged }: Pick<ReferencesRequest, "cluster" | "judged">,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Presence>> {
  const { live } = judged.gathered.observed;
  const coming = judged.request.elsewhere?.by;
  const entries = await mapLimit(refs, IN_FLIGHT, async (ref) => {
    const key = refKey(ref);
    if (live.has(key) || coming?.has(key)) return [key, "yes"] as const;
    return [key, await ask(ref, judged.world.kinds, cluster, signal)] as const;
  });
  return new Map(entries);
}

async function ask(ref: Ref, kinds: Kinds | undefined, cluster: Cluster, signal: AbortSignal): Promise<Presence> {
  const kind = kinds && preferredKind(kinds, ref.group, ref.kind);
  if (kind === undefined) return "unknown";
  const found = await unlessForbidden(cluster.read(addressOf(kind, ref), signal));
  if (found === "forbidden") return "unknown";
  return found === undefined ? "no" : "yes";
}
