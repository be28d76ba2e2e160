import type { LoggedRequest } from "../support/github/record.ts";
import type { StepResult } from "../support/runner/runner.ts";
import { block, githubText } from "./github-text.ts";
import type { KubeRequest } from "./kube-request.ts";
import { kubeText } from "./kube-text.ts";

/** One run of the action and everything that it did to the outside. */
export interface Telling {
  readonly title: string;
  readonly step: StepResult;
  readonly github: readonly LoggedRequest[];
  readonly kube: readonly KubeRequest[];
}

/** A run as one text: how it ended, what it printed, what it left behind, what it asked and wrote. */
export function transcript({ title, step, github, kube }: Telling): string {
  const { code, stdout, stderr, outputs, summary } = step;
  const left = summary.trim() === "" ? [] : ["--- job summary", block(summary)];
  const errors = stderr.trim() === "" ? [] : ["--- standard error", stderr.trimEnd()];
  return [
    `=== ${title}`,
    `exit code ${code ?? "none, ended by a signal"}`,
    "--- log",
    stdout.trim() === "" ? "nothing" : stdout.trimEnd(),
    ...errors,
    "--- outputs",
    ...Object.keys(outputs)
      .toSorted()
      .map((name) => outputText(name, outputs[name] ?? "")),
    ...left,
    "--- GitHub",
    withoutEcho(githubText(github), summary),
    "--- Kubernetes",
    kubeText(kube),
    "",
  ].join("\n");
}

function outputText(name: string, value: string): string {
  return value.includes("\n") ? `${name}:\n${block(value)}` : `${name}: ${value}`;
}

/** A check of the only target says what the job summary says; once is enough to read. */
function withoutEcho(text: string, summary: string): string {
  return summary.trim() === "" ? text : text.replaceAll(block(summary), "  │ (the job summary)");
}
