import { exitCodeOf } from "../model/exit-code.ts";
import { runDrift } from "./drift.ts";
import { publishingOf } from "./on-plan.ts";
import type { PerformPorts, Performance, PerformRequest } from "./performance.ts";
import { publishDrift, readSightings } from "./publish-drift.ts";

/** Looks for drift in every target, and tells it in the targets' issues and checks. */
export async function onDrift(
  { sha }: { readonly sha: string },
  request: PerformRequest,
  ports: PerformPorts,
  signal: AbortSignal,
): Promise<Performance> {
  const publishing = publishingOf(ports);
  const sightings: Parameters<typeof runDrift>[0]["sightings"] = async (target, applied, inner) =>
    publishing === undefined ? {} : readSightings(target, applied, publishing, inner);
  const run = await runDrift({ ...request, head: sha, sightings }, ports.run, signal);
  const issueUrl = publishing && (await publishDrift(run, publishing, signal));
  const exitCode = exitCodeOf(run.report, request.failOn ?? "blockers");
  return { report: run.report, exitCode, ...(issueUrl !== undefined && { issueUrl }) };
}
