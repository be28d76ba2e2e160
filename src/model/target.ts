/** The unit of planning, locking, applying and drift: one app in one environment. Both names are DNS labels. */
export interface Target {
  readonly environment: string;
  readonly app: string;
}

export function formatTarget(target: Target): string {
  return `${target.environment}/${target.app}`;
}
