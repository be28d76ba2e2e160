import type { Config } from "../config/schema.ts";
import type { PlanTargetRequest } from "./plan-target.ts";
import type { RunRequest } from "./run-ports.ts";

/** How closely a run looks: what it was told wins over the configuration. */
export function lookOptions(
  { mode, exact, shadow }: RunRequest,
  { plan }: Pick<Config, "plan">,
): Pick<PlanTargetRequest, "mode" | "exact" | "shadow"> {
  return {
    mode: mode ?? plan.mode,
    ...(exact !== undefined && { exact }),
    ...(shadow !== undefined && { shadow }),
  };
}
