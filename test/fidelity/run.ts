import type { Case } from "./case.ts";
import { compare, type Mismatch, type Verdict } from "./comparison.ts";
import { diffWithKubectl, writeKeeper, type KubectlFinding } from "./kubectl-diff.ts";
import { newProofTally, type ProofFindings } from "./proof-tally.ts";
import { play, type Course, type Unusable } from "./story.ts";
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
      const played = await playSafely(one, stage, {
        inSync: (seen) => proofs.inSync(seen, stage),
        planned: async (course) => {
          await proofs.planned(course, stage);
          if (options.kubectlDiff) kubectl.push(...(await diffWithKubectl(course, stage)));
        },
      });
      if ("because" in played) unusable.push(played);
      else verdicts.push(played);
      const done = verdicts.length + unusable.length;
      if (done % 50 === 0) options.say(progress(done, cases.length, verdicts, started));
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  return { verdicts, unusable, kubectl, proofs: proofs.findings(), milliseconds: performance.now() - started };
}

async function playSafely(one: Case, stage: Stage, onlooker: Parameters<typeof play>[2]): Promise<Verdict | Unusable> {
  try {
    const played: Course | Unusable = await play(one, stage, onlooker);
    return "because" in played ? played : await compare(played, stage);
  } catch (error) {
    const got = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const crash: Mismatch = { one, class: "crash", certainty: "server", expected: "no exception", got };
    return { one, deed: "nothing", mismatches: [crash] };
  }
}

function progress(done: number, all: number, verdicts: readonly Verdict[], started: number): string {
  const wrong = verdicts.filter(({ mismatches }) => mismatches.length > 0).length;
  return `fidelity: ${done} of ${all} cases after ${Math.round((performance.now() - started) / 1000)} s, ${wrong} with a mismatch`;
}
