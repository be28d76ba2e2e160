import type { Change } from "../model/change.ts";
import { addressOf, findKind } from "../model/kind.ts";
import { refKey } from "../model/ref.ts";
import type { Problem } from "../model/problem.ts";
import { isDryRunUnsupported } from "../model/refusal.ts";
import type { RemoveAnswer } from "../ports.ts";
import { problemOfRefusal } from "../diff/refused.ts";
import type { Judged } from "./judged-plan.ts";
import { CANNOT_DRY_RUN } from "./outlook.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";

/** What the server would say to each deletion. */
export interface DryRemovals {
  /** By ref key: why nobody could ask. */
  readonly unasked: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

export const NO_REMOVALS: DryRemovals = { unasked: new Map(), problems: [] };

/** Dry-runs every deletion of a plan: validating webhooks and policies have their say in those as well. */
export async function dryRemove(judged: Judged, signal: AbortSignal): Promise<DryRemovals> {
  const { request, assessments } = judged;
  const { access } = request;
  const removals = assessments.flatMap(({ change }) => (change?.op === "delete" ? [change] : []));
  if (access === undefined || removals.length === 0) return NO_REMOVALS;
  if (request.mode === "read-only" || request.mode === "offline")
    return { ...NO_REMOVALS, unasked: new Map(removals.map(({ ref }) => [refKey(ref), `mode ${request.mode}`])) };
  const answers = await mapLimit(removals, IN_FLIGHT, async (change) => ({
    change,
    answer: await ask(change, judged, signal),
  }));
  return {
    unasked: new Map(
      answers.flatMap(({ change, answer }) => {
        const because = unaskedBecause(answer);
        return because === undefined ? [] : [[refKey(change.ref), because] as const];
      }),
    ),
    problems: answers.flatMap(({ change, answer }) =>
      answer?.kind === "refused" && unaskedBecause(answer) === undefined
        ? [problemOfRefusal(answer.refusal, change.ref, undefined)]
        : [],
    ),
  };
}

async function ask(change: Change, judged: Judged, signal: AbortSignal): Promise<RemoveAnswer | undefined> {
  const { access } = judged.request;
  const live = judged.gathered.observed.live.get(refKey(change.ref));
  const { kinds } = judged.world;
  const kind = live && kinds && findKind(kinds, live.apiVersion, live.kind);
  const uid = live?.metadata.uid;
  if (access === undefined || kind === undefined || uid === undefined) return undefined;
  const options = { dryRun: true, uid, propagation: "Background" } as const;
  return access.cluster.remove(addressOf(kind, change.ref), options, signal);
}

/** Who plans need not be who applies: an identity without the right to delete learns nothing of what would happen. */
function unaskedBecause(answer: RemoveAnswer | undefined): string | undefined {
  if (answer === undefined) return "nobody could ask for its deletion";
  if (answer.kind !== "refused") return undefined;
  const { refusal } = answer;
  if (isDryRunUnsupported(refusal)) return CANNOT_DRY_RUN;
  const isForbidden = refusal.httpStatus === 403 && / cannot delete resource /.test(refusal.message);
  return isForbidden ? "our identity may not delete it, so nobody could ask" : undefined;
}
