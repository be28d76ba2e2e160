import { proveInSync } from "../../src/diff/prover.ts";
import { withoutStatus } from "../../src/diff/comparable.ts";
import type { TargetPlan } from "../../src/flow/plan-target.ts";
import { canonicalJson } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { refKey } from "../../src/model/ref.ts";
import type { Case } from "./case.ts";
import { keepsStatus } from "./mismatch.ts";
import type { Course } from "./story.ts";
import type { Stage } from "./stage.ts";
import { targetOf } from "./target.ts";

/** A proof that failed on an object that is in sync: dear, not wrong. */
export interface Doubt {
  readonly one: Case;
  readonly because: string;
}

/** A proof that the server contradicts: a write would have changed the object. */
export interface Contradiction {
  readonly one: Case;
  readonly when: "in sync" | "planned";
  readonly got: string;
}

export interface ProofFindings {
  /** Objects that were in sync, by the server's own word. */
  readonly inSync: number;
  readonly doubts: readonly Doubt[];
  /** Proven objects, in sync or edited, each of which was dry-run as well. */
  readonly shadowed: number;
  readonly contradictions: readonly Contradiction[];
}

/** Asks the prover about every object met, and the server whether the prover is right. */
export interface ProofTally {
  /** An object that was applied this moment. */
  inSync(one: Case, stage: Stage): Promise<void>;
  /** An object as it is when its change is planned. */
  planned(course: Pick<Course, "one" | "plan">, stage: Stage): Promise<void>;
  findings(): ProofFindings;
}

export function newProofTally(): ProofTally {
  const doubts: Doubt[] = [];
  const contradictions: Contradiction[] = [];
  const counts = { inSync: 0, shadowed: 0 };
  return {
    async inSync(one, stage) {
      const plan = await stage.plan({ ...targetOf(one), head: targetOf(one).base ?? [], exact: true });
      const asked = await ask(one, plan, stage);
      if (asked === undefined) return;
      const { proof, change } = asked;
      if (change === undefined) counts.inSync += 1;
      if (change === undefined && !proof.proven) doubts.push({ one, because: proof.because });
      if (proof.proven) counts.shadowed += 1;
      if (proof.proven && change !== undefined) contradictions.push({ one, when: "in sync", got: change });
    },
    async planned({ one, plan }, stage) {
      const asked = await ask(one, plan, stage);
      if (asked?.proof.proven !== true) return;
      counts.shadowed += 1;
      if (asked.change !== undefined) contradictions.push({ one, when: "planned", got: asked.change });
    },
    findings: () => ({ ...counts, doubts, contradictions }),
  };
}

interface Asked {
  readonly proof: ReturnType<typeof proveInSync>;
  /** What the server says a write changes; `undefined`: nothing at all. */
  readonly change: string | undefined;
}

async function ask(one: Case, plan: TargetPlan, stage: Stage): Promise<Asked | undefined> {
  const desired = plan.desired.find(({ ref }) => ref.kind === one.recipe.kind && ref.name === one.before.metadata.name);
  if (desired?.address === undefined) return undefined;
  const live = await stage.read(desired.object);
  if (live === undefined) return undefined;
  const object = plan.sendings.get(refKey(desired.ref))?.object ?? desired.object;
  const sent = keepsStatus(one) ? object : withoutStatus(object);
  const proof = proveInSync(sent, live);
  const answer = await stage.access.cluster.apply(desired.address, sent, { dryRun: true }, AbortSignal.timeout(60_000));
  if (answer.kind === "refused") return { proof, change: answer.refusal.message };
  return { proof, change: isSame(live, answer.object) ? undefined : "the dry-run's answer is not the live object" };
}

/** An answer that changes nothing is the live object itself, with every manager and time. */
function isSame(live: KubeObject, answered: KubeObject): boolean {
  return canonicalJson(live) === canonicalJson(answered);
}
