import type { Problem } from "../model/problem.ts";
import { formatTarget } from "../model/target.ts";
import type { Config } from "../config/schema.ts";
import { selectTargets } from "../config/select.ts";
import { resolveTargets } from "../config/settings.ts";
import { commitConfig } from "./commit-config.ts";
import type { RunPorts, RunRequest } from "./run-ports.ts";

/** One row of a workflow's matrix: the environment a job runs in, and the targets that are its work. */
export interface MatrixRow {
  readonly environment: string;
  /** For the `targets` input, one a line. */
  readonly targets: string;
}

export interface TargetMatrix {
  readonly include: readonly MatrixRow[];
  /** How the authority wants plans to be told. */
  readonly policy: Config["plan"];
}

/** What a workflow fans out over: one job for each environment, because credentials differ by environment. */
export async function targetMatrix(
  request: RunRequest & { readonly head: string; readonly authority: string },
  ports: Pick<RunPorts, "repository">,
  signal: AbortSignal,
): Promise<TargetMatrix | { readonly problems: readonly Problem[] }> {
  await using head = await ports.repository.checkout(request.head, signal);
  await using base = await ports.repository.checkout(request.authority, signal);
  const apps = await commitConfig(head, request.configFile);
  if ("problems" in apps) return apps;
  const authority = await commitConfig(base, request.configFile);
  const trusted = "config" in authority && authority.source === "file" ? authority.config : apps.config;
  const selected = selectTargets(resolveTargets({ authority: trusted, apps: apps.config }), request.patterns);
  if ("problems" in selected) return selected;
  const byEnvironment = Map.groupBy(selected.targets, ({ target }) => target.environment);
  return {
    include: [...byEnvironment].map(([environment, targets]) => ({
      environment,
      targets: targets.map(({ target }) => formatTarget(target)).join("\n"),
    })),
    policy: trusted.plan,
  };
}
