import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { casesOf } from "./generator.ts";
import { reportOf } from "./report.ts";
import { run } from "./run.ts";
import { openStage } from "./stage.ts";

// npm run fidelity [-- --seed 7] [--cases 12] [--kind Deployment [--index 3]] [--no-kubectl-diff]: exit code 1 when a bar is missed.
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    cases: { type: "string", default: "12" },
    kind: { type: "string" },
    index: { type: "string" },
    lanes: { type: "string", default: String(3 * cpus().length) },
    "kubectl-diff": { type: "boolean", default: true },
  },
  allowNegative: true,
});
const { kind, index } = values;
const cases = casesOf({
  seed: Number(values.seed),
  cases: Number(values.cases),
  ...(kind !== undefined && { kind }),
  ...(index !== undefined && { index: Number(index) }),
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
say(`fidelity: ${cases.length} cases of seed ${values.seed}`);
await using stage = await openStage(say);
const findings = await run(cases, stage, { lanes: Number(values.lanes), kubectlDiff: values["kubectl-diff"], say });
const { text, missed } = reportOf(findings);
console.log(text);
process.exitCode = missed.length === 0 ? 0 : 1;
