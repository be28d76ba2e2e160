import type { Mode } from "../model/mode.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { ClusterAccess } from "../ports.ts";
import { readAdmission } from "./admission.ts";
import { autoscalerKinds, isScalable } from "./autoscaled.ts";
import { EVERYTHING } from "./mode.ts";
import { observe } from "./observe.ts";
import { lookAround, type World } from "./world.ts";

/** Ways to one cluster: what was asked early is answered to whoever asks the same later, once. */
export interface Foresight {
  /** Asks each question once, however often it is put. */
  readonly early: ClusterAccess;
  /** The same, but nobody is asked ahead of what was asked in earnest: that question is turned down. */
  readonly ahead: ClusterAccess;
  /** Takes an early answer where there is one; what was not foreseen is asked now. */
  readonly later: ClusterAccess;
}

/** Reads alone are foreseen; whatever writes goes to the cluster as it comes. */
export function foresee(access: ClusterAccess): Foresight {
  const answers = new Map<string, Promise<unknown>>();
  const overtaken = new Set<string>();
  const early: Read = (question, ask) => {
    const known = answers.get(question);
    if (known !== undefined) return known;
    const answer = ask();
    // Nobody may ever want it; whoever does is told.
    answer.catch(() => {});
    answers.set(question, answer);
    return answer;
  };
  return {
    early: readThrough(access, early),
    ahead: readThrough(access, (question, ask) =>
      overtaken.has(question) ? Promise.reject(new Error("it was asked already")) : early(question, ask),
    ),
    later: readThrough(access, (question, ask) => {
      const known = answers.get(question);
      answers.delete(question);
      overtaken.add(question);
      return known ?? ask();
    }),
  };
}

export interface AheadRequest {
  readonly target: Target;
  readonly mode?: Mode;
  /** `look`: hardly anything is expected to differ; what only a dry-run needs is asked when there is one. */
  readonly purpose?: "write" | "look";
}

/**
 * Asks what every look at a target begins with, and lists what it owns: while the target is rendered, nobody waits for that.
 * What fails is kept as well, and told to whoever needs it.
 */
export async function askAhead(
  { ahead }: Foresight,
  { target, mode = "auto", purpose = "write" }: AheadRequest,
  signal: AbortSignal,
): Promise<void> {
  const { kinds, inventory, setId } = await lookAround(ahead, target, signal).catch(() => UNKNOWN);
  if (kinds === undefined) return;
  const { cluster } = ahead;
  const list = async (): Promise<void> => {
    if (inventory === undefined) return;
    const { live } = await observe({ cluster, kinds, setId, desired: [], inventory }, signal);
    if (purpose === "look" || ![...live.values()].some(isScalable)) return;
    await Promise.allSettled(autoscalerKinds(kinds).map((kind) => cluster.list(kind, {}, signal)));
  };
  await Promise.allSettled([
    list(),
    readAdmission({ cluster, kinds, version: "", compared: [] }, signal),
    mode === "auto" && purpose === "write" && cluster.mayI(EVERYTHING, signal),
  ]);
}

const UNKNOWN: World = { setId: "" };

type Read = (question: string, ask: () => Promise<unknown>) => Promise<unknown>;

function readThrough(access: ClusterAccess, read: Read): ClusterAccess {
  const { cluster, inventories, keys } = access;
  // A question names the method and its arguments, so its answer has the method's type.
  const ask = <Answer>(question: readonly unknown[], now: () => Promise<Answer>): Promise<Answer> =>
    read(JSON.stringify(question), now) as Promise<Answer>;
  return {
    ...access,
    cluster: {
      ...cluster,
      identify: (signal) => ask(["identify"], () => cluster.identify(signal)),
      kinds: (signal) => ask(["kinds"], () => cluster.kinds(signal)),
      list: (kind, selection, signal) => ask(["list", kind, selection], () => cluster.list(kind, selection, signal)),
      mayI: (right, signal) => ask(["mayI", right], () => cluster.mayI(right, signal)),
      get requests() {
        return cluster.requests;
      },
    },
    inventories: {
      ...inventories,
      read: (target, signal) => ask(["inventory", formatTarget(target)], () => inventories.read(target, signal)),
    },
    keys: { ...keys, read: (target, signal) => ask(["key", formatTarget(target)], () => keys.read(target, signal)) },
  };
}
