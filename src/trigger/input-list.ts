/** The inputs of `action.yml`. */
export const INPUTS = [
  "command",
  "config",
  "targets",
  "kubeconfig",
  "context",
  "github-token",
  "github-api-url",
  "mode",
  "comment",
  "fail-on",
  "stale-plan",
  "timeout",
  "plans",
  "working-directory",
] as const;

export type InputName = (typeof INPUTS)[number];
