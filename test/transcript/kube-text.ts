import type { KubeRequest } from "./kube-request.ts";

/**
 * Requests to Kubernetes as lines. What is only asked is sorted, because it is asked side by side; writes stand in their
 * order.
 */
export function kubeText(requests: readonly KubeRequest[]): string {
  if (requests.length === 0) return "none";
  const byUser = [...Map.groupBy(requests, ({ user }) => user)];
  if (byUser.length === 1) return textOf(requests);
  const parts = byUser.map(([user, own]) => `as ${user}\n${textOf(own)}`);
  return parts.toSorted().join("\n");
}

function textOf(requests: readonly KubeRequest[]): string {
  const steps = stepsOf(requests);
  const asked = requests.filter(({ effect }) => effect !== "write").map(lineOf);
  // Who writes waits for what comes of it, and looks as often as it takes.
  const lines = steps.length === 0 ? counted(asked) : [...new Set(asked)].toSorted();
  const written = steps.flatMap((step, index) =>
    step.map((line, place) => `${place === 0 ? `${index + 1}.`.padStart(5) : "     "} ${line}`),
  );
  return [
    "asked:",
    ...lines.map((line) => `  ${line}`),
    ...(written.length === 0 ? [] : ["written, in order:"]),
    ...written,
  ].join("\n");
}

function lineOf({ verb, uri, status, options, effect }: KubeRequest): string {
  const what = effect === "dry-run" ? `${verb} as a dry run` : verb;
  return `${what} ${decodeURIComponent(uri)}${options} ${status ?? "no answer"}`;
}

function counted(lines: readonly string[]): readonly string[] {
  const groups = [...Map.groupBy(lines, (line) => line)].map(([line, { length }]) =>
    length === 1 ? line : `${line} ×${length}`,
  );
  return groups.toSorted();
}

/**
 * Writes one after the other. Objects are patched and deleted side by side, so those with nothing asked in between are one
 * step, sorted; what we keep in the cluster for ourselves is created and updated, and each such write is a step.
 */
function stepsOf(requests: readonly KubeRequest[]): readonly (readonly string[])[] {
  const steps: string[][] = [];
  let open: string[] | undefined;
  for (const request of requests) {
    if (request.effect !== "write" || !["patch", "delete"].includes(request.verb)) open = undefined;
    if (request.effect !== "write") continue;
    const step = open ?? [];
    step.push(lineOf(request));
    if (open === undefined) steps.push(step);
    open = ["patch", "delete"].includes(request.verb) ? step : undefined;
  }
  return steps.map((step) => step.toSorted());
}
