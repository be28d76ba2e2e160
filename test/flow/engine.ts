import { onTestFinished } from "vitest";
import type { Problem } from "../../src/model/problem.ts";
import type { TargetReport } from "../../src/model/plan.ts";
import type { RepositoryId } from "../../src/model/inventory.ts";
import type { KubeObject } from "../../src/model/object.ts";
import type { Clock, ClusterAccess, Log, Rendered } from "../../src/ports.ts";
import type { Settings } from "../../src/config/settings.ts";
import { applyTarget } from "../../src/flow/apply-target.ts";
import { planTarget, type PlanTargetRequest, type TargetPlan } from "../../src/flow/plan-target.ts";
import { openAccess } from "../../src/kube/access.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { systemClock } from "../../src/system/clock.ts";
import { readOneDocument } from "../../src/manifest/one-document.ts";
import { dedent } from "../support/yml.ts";
import { cluster } from "../cluster/cluster.ts";

/** What a test may say of a target; the rest is as most people have it. */
export interface Circumstances extends Partial<Settings> {
  /** What the base commit wants, as YAML; absent: nothing is known of an earlier state. */
  readonly base?: string;
  /** The namespace of base's objects that name none, where it is another one. */
  readonly baseNamespace?: string;
  readonly clusterUid?: string;
  readonly repository?: RepositoryId;
  readonly protect?: readonly string[];
  readonly prunes?: { readonly max: number; readonly ratio: number };
  readonly signal?: AbortSignal;
  readonly commit?: string;
  readonly learn?: (object: KubeObject) => void;
  readonly mode?: PlanTargetRequest["mode"];
  readonly exact?: boolean;
  readonly shadow?: number;
  /** How long a held lock is waited for, in milliseconds. */
  readonly patience?: number;
}

/** One target of one cluster, with the real adapters around it. Manifests are YAML. */
export interface Engine {
  readonly access: ClusterAccess;
  readonly plan: (head: string, circumstances?: Circumstances) => Promise<TargetPlan>;
  readonly apply: (head: string, circumstances?: Circumstances) => Promise<TargetReport>;
  /** A plan of what was applied against what is live, as a drift run makes it. */
  readonly drift: (applied: string, circumstances?: Circumstances) => Promise<TargetReport>;
}

export interface EngineOptions {
  /** Where objects go that name no namespace; what is ours in the cluster lies there as well, and so goes with it. */
  readonly namespace: string;
  readonly app?: string;
  /** Default: the administrator's, of the shared cluster. */
  readonly kubeconfig?: string;
  readonly clock?: Clock;
  /** Puts something between the flow and the cluster. */
  readonly around?: (access: ClusterAccess) => ClusterAccess;
}

const QUIET: Log = { info: () => {}, warning: () => {}, error: () => {} };
const SETTINGS: Settings = {
  render: "plain",
  namespace: "default",
  prune: true,
  adopt: false,
  wait: true,
  timeoutMilliseconds: 30_000,
  onFailure: "restore",
  namespaces: [],
  ignore: [],
};
export const PROTECTED = [
  "Namespace",
  "PersistentVolumeClaim",
  "PersistentVolume",
  "StorageClass",
  "CustomResourceDefinition",
];

/** The engine of one target. It ends with the test. */
export async function engine(options: EngineOptions): Promise<Engine> {
  const { namespace, app = "app", clock = systemClock, around = (access) => access } = options;
  const kubeconfig = options.kubeconfig ?? cluster().kubeconfig;
  const opened = await openAccess(
    { kubeconfig, env: {}, readYaml: readOneDocument },
    { systemNamespace: namespace, clock },
  );
  onTestFinished(() => opened.close());
  const access = around(opened.access);

  const request = (head: string, circumstances: Circumstances): PlanTargetRequest => {
    const { base, baseNamespace, clusterUid, repository, protect, prunes, learn, ...others } = circumstances;
    const { mode, exact, shadow, ...settings } = others;
    return {
      settings: {
        target: { environment: "test", app },
        path: app,
        ...(clusterUid !== undefined && { clusterUid }),
        settings: { ...SETTINGS, namespace, ...settings },
      },
      head: rendered(head),
      ...(base !== undefined && { base: rendered(base) }),
      ...(baseNamespace !== undefined && { baseNamespace }),
      ...(mode && { mode }),
      ...(exact !== undefined && { exact }),
      ...(shadow !== undefined && { shadow }),
      access,
      repository: repository ?? { id: "1", name: "acme/shop" },
      policy: { max: 10, ratio: 0.25, protect: PROTECTED, ...(protect && { protect }), ...prunes },
      learn: learn ?? (() => {}),
    };
  };
  const plan: Engine["plan"] = (head, circumstances = {}) =>
    planTarget(
      { ...request(head, circumstances), guarded: circumstances.base !== undefined },
      circumstances.signal ?? new AbortController().signal,
    );

  return {
    access,
    plan,
    apply: (head, circumstances = {}) =>
      applyTarget(
        {
          ...request(head, circumstances),
          access,
          commit: circumstances.commit ?? "c0ffee",
          lock: { holder: "the test", link: "", waitMilliseconds: circumstances.patience ?? 0 },
          clock,
          log: QUIET,
        },
        circumstances.signal ?? new AbortController().signal,
      ),
    drift: async (applied, circumstances = {}) => (await plan(applied, { ...circumstances, base: applied })).report,
  };
}

/** The objects of a YAML text, as a render of a plain folder gives them. */
export function rendered(text: string): Rendered {
  const { objects, problems } = parseManifests(dedent(text), "app.yaml");
  return { objects, problems, renderer: "plain" };
}

/** One line per change: `update ConfigMap shop/a: pull-request data.k 1 -> 2`, the namespace left out. */
export function changeLines({ changes }: Pick<TargetReport, "changes">): readonly string[] {
  return changes.map(({ op, ref, fields, certainty }) => {
    const told = op === "create" ? [] : fields.map(fieldText);
    const how = certainty === "server" ? "" : ` (${certainty})`;
    return `${op} ${ref.kind} ${ref.name}${how}${told.length === 0 ? "" : `: ${told.join("; ")}`}`;
  });
}

function fieldText({ from, path, before, after }: TargetReport["changes"][number]["fields"][number]): string {
  const text = (value: unknown): string => (value === undefined ? "-" : JSON.stringify(value));
  return `${from} ${path} ${text(before)} -> ${text(after)}`;
}

/** One line per difference: `changed ConfigMap a data.k: 1, live 2, reverted`. */
export function driftLines({ drift }: Pick<TargetReport, "drift">): readonly string[] {
  const text = (value: unknown): string => (value === undefined ? "-" : JSON.stringify(value));
  return drift.map(({ class: kind, ref, path, git, live, onMerge }) =>
    path === ""
      ? `${kind} ${ref.kind} ${ref.name}, ${onMerge}`
      : `${kind} ${ref.kind} ${ref.name} ${path}: ${text(git)}, live ${text(live)}, ${onMerge}`,
  );
}

/** One line per problem: `blocker missing-kind`. */
export function problemCodes({ problems }: { readonly problems: readonly Problem[] }): readonly string[] {
  return problems.map(({ level, code }) => `${level} ${code}`);
}
