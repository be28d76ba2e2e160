import type { IgnoreRule } from "../model/ignore-rule.ts";
import type { Target } from "../model/target.ts";
import { toMilliseconds, type Duration } from "../model/duration.ts";
import { toIgnoreRule } from "./ignore-schema.ts";
import { resolvePath } from "./repository-path.ts";
import type { App, Config } from "./schema.ts";
import { SETTING_DEFAULTS } from "./setting-schema.ts";

/** What holds for one target. */
export interface Settings {
  readonly render: "auto" | "kustomize" | "helm" | "plain";
  /** Namespace of objects that name none. */
  readonly namespace: string;
  readonly prune: boolean;
  readonly adopt: boolean;
  readonly wait: boolean;
  readonly timeoutMilliseconds: number;
  readonly onFailure: "restore" | "stop";
  /** Patterns of the namespaces that objects may be in; empty means any. */
  readonly namespaces: readonly string[];
  /** Fields that are left to others. */
  readonly ignore: readonly IgnoreRule[];
}

/** A target with all that its render, plan and apply need of the configuration. Either `path` or `chart` is there. */
export interface ResolvedTarget {
  readonly target: Target;
  /** Absent: the kubeconfig's current context. */
  readonly context?: string;
  readonly clusterUid?: string;
  /** Relative to the repository's root. */
  readonly path?: string;
  readonly chart?: { readonly path: string; readonly values: readonly string[] };
  readonly settings: Settings;
}

export interface ConfigSources {
  /** Decides which environments there are, what is allowed, and how the cluster is treated. */
  readonly authority: Config;
  /** The configuration of the commit that is rendered: decides which apps there are and how they are rendered. */
  readonly apps: Config;
  /** Wins over every written timeout. */
  readonly timeout?: Duration;
}

/**
 * Every app in every environment, in the order of the configuration. A setting is taken from the nearest level: defaults,
 * environment, app, app and environment. `render` and `namespace` say what a commit means and come with its apps; all other
 * settings come from the authority, so that a change of the configuration gives itself no rights.
 */
export function resolveTargets(sources: ConfigSources): readonly ResolvedTarget[] {
  return Object.entries(sources.authority.environments).flatMap(([environment, { context, cluster }]) =>
    Object.entries(sources.apps.apps).map(([app, written]) => ({
      target: { environment, app },
      ...(context === undefined ? {} : { context }),
      ...(cluster === undefined ? {} : { clusterUid: cluster.uid }),
      ...sourceOf(written, environment),
      settings: settingsOf({ environment, app }, sources),
    })),
  );
}

function sourceOf({ path, helm }: App, environment: string): Pick<ResolvedTarget, "path" | "chart"> {
  if (path !== undefined) return { path: resolvePath(path, environment) };
  if (helm === undefined) return {};
  const values = helm.values.map((file) => resolvePath(file, environment));
  return { chart: { path: resolvePath(helm.chart, environment), values } };
}

function settingsOf(target: Target, { authority, apps, timeout }: ConfigSources): Settings {
  const allowed = { ...SETTING_DEFAULTS, ...nearestSettings(authority, target) };
  const content = { ...SETTING_DEFAULTS, ...nearestSettings(apps, target) };
  // The parser refuses a render by command.
  if (typeof content.render !== "string") throw new TypeError("a render by command has no code");
  return {
    render: content.render,
    namespace: content.namespace,
    prune: allowed.prune,
    adopt: allowed.adopt,
    wait: allowed.wait,
    timeoutMilliseconds: toMilliseconds(timeout ?? allowed.timeout),
    onFailure: allowed.onFailure,
    namespaces: allowed.namespaces,
    ignore: allowed.ignore.map(toIgnoreRule),
  };
}

function nearestSettings({ defaults, environments, apps }: Config, { environment, app }: Target): Config["defaults"] {
  const written = own(apps, app);
  return {
    ...defaults,
    ...own(environments, environment),
    ...written?.settings,
    ...(written === undefined ? {} : own(written.overrides, environment)),
  };
}

// A name may be one that every object inherits, such as `constructor`.
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
