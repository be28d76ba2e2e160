import type { RepositoryId } from "../model/inventory.ts";
import type { Mode } from "../model/mode.ts";
import type { KubeObject } from "../model/object.ts";
import type { Config } from "../config/schema.ts";
import type { ResolvedTarget } from "../config/settings.ts";
import type { Clock, ClusterAccess, Clusters, Log, Renderer, Repository } from "../ports.ts";

/** The world as a run needs it. */
export interface RunPorts {
  readonly repository: Repository;
  readonly renderer: Renderer;
  readonly clusters: Clusters;
  readonly clock: Clock;
  readonly log: Log;
  /** Teaches the masker the secret values of an object. */
  readonly learn: (object: KubeObject) => void;
}

/** Opens the cluster of a target; a context that the run was given wins over the environment's. */
export function openCluster(
  settings: Pick<ResolvedTarget, "context">,
  { request, ports, config }: { readonly request: RunRequest; readonly ports: RunPorts; readonly config: Config },
  signal: AbortSignal,
): Promise<ClusterAccess> {
  const context = request.context ?? settings.context;
  const systemNamespace = config.system.namespace;
  return ports.clusters.open(context === undefined ? { systemNamespace } : { context, systemNamespace }, signal);
}

/** What every run is told, whatever it does. */
export interface RunRequest {
  readonly repository: RepositoryId;
  /** `.github/plumbline.yaml` */
  readonly configFile: string;
  /** Names or globs; empty: all. */
  readonly patterns: readonly string[];
  /** Wins over the environment's context. */
  readonly context?: string;
  /** No cluster is asked. */
  readonly offline: boolean;
  /** Wins over `plan.mode` of the configuration. */
  readonly mode?: Mode;
  /** Nothing is proven from what is live alone: every object is dry-run. */
  readonly exact?: boolean;
  /** Per cent of the proven objects that are dry-run as well. */
  readonly shadow?: number;
  /** Wins over `timeout` of the configuration. */
  readonly timeoutMilliseconds?: number;
  /** The workflow run, for people. */
  readonly link?: string;
  /** Unique for this run. */
  readonly holder: string;
  readonly startedAt: Date;
}
