import type { Case } from "./case.ts";
import { compare } from "./comparison.ts";
import type { Mismatch, Verdict } from "./mismatch.ts";
import { askKubectl, compareViews, writeKeeper, type KubectlFinding, type KubectlView } from "./kubectl-diff.ts";
import { newProofTally, type ProofFindings, type ProofTally } from "./proof-tally.ts";
import { play, type Unusable } from "./story.ts";
import type { Stage } from "./stage.ts";

/** Everything that a run has found. */
export interface Findings {
  readonly verdicts: readonly Verdict[];
  readonly unusable: readonly Unusable[];
  readonly kubectl: readonly KubectlFinding[];
  readonly proofs: ProofFindings;
  readonly milliseconds: number;
}

export interface RunOptions {
  /** How many cases are under way at a time. */
  readonly lanes: number;
  readonly kubectlDiff: boolean;
  readonly say: (line: string) => void;
}

/** Plays all cases, several side by side. */
export async function run(cases: readonly Case[], stage: Stage, options: RunOptions): Promise<Findings> {
  const started = performance.now();
  const verdicts: Verdict[] = [];
  const unusable: Unusable[] = [];
  const kubectl: KubectlFinding[] = [];
  const proofs = newProofTally();
  if (options.kubectlDiff) await writeKeeper(stage.folder);
  const queue = [...cases];
  const lane = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const result = await playSafely(one, stage, { proofs, kubectlDiff: options.kubectlDiff });
      if ("because" in result) unusable.push(result);
      else verdicts.push(result.verdict);
      if ("kubectl" in result) kubectl.push(...result.kubectl);
      const done = verdicts.length + unusable.length;
      if (done % 50 === 0) options.say(progress(done, cases.length, verdicts, started));
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  return { verdicts, unusable, kubectl, proofs: proofs.findings(), milliseconds: performance.now() - started };
}

interface Watch {
  readonly proofs: ProofTally;
  readonly kubectlDiff: boolean;
}

interface Played {
  readonly verdict: Verdict;
  readonly kubectl: readonly KubectlFinding[];
}

async function playSafely(one: Case, stage: Stage, watch: Watch): Promise<Played | Unusable> {
  try {
    return await playOne(one, stage, watch);
  } catch (error) {
    const got = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const crash: Mismatch = { one, class: "crash", certainty: "server", expected: "no exception", got };
    return { verdict: { one, deed: "nothing", mismatches: [crash] }, kubectl: [] };
  }
}

async function playOne(one: Case, stage: Stage, { proofs, kubectlDiff }: Watch): Promise<Played | Unusable> {
  let view: KubectlView | undefined;
  const course = await play(one, stage, {
    inSync: (seen) => proofs.inSync(seen, stage),
    planned: async (planned) => {
      await proofs.planned(planned, stage);
      if (kubectlDiff) view = await askKubectl(planned, stage);
    },
  });
  if ("because" in course) return course;
  return { verdict: await compare(course, stage), kubectl: view === undefined ? [] : compareViews(view, course) };
}

function progress(done: number, all: number, verdicts: readonly Verdict[], started: number): string {
  const wrong = verdicts.filter(({ mismatches }) => mismatches.length > 0).length;
  return `fidelity: ${done} of ${all} cases after ${Math.round((performance.now() - started) / 1000)} s, ${wrong} with a mismatch`;
}
