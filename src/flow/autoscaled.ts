import { preferredKind, type Kinds, type KubeKind } from "../model/kind.ts";
import { refOf, type KubeObject } from "../model/object.ts";
import { PART_OF_LABEL } from "../model/ownership-marks.ts";
import { valueAt } from "../model/path.ts";
import type { Problem } from "../model/problem.ts";
import { refKey } from "../model/ref.ts";
import type { Cluster } from "../ports.ts";
import { autoscaledPaths, type Autoscaled } from "../diff/autoscaler.ts";
import type { Desired } from "./desired.ts";
import { askOnce } from "./once.ts";
import { unlessForbidden } from "./permitted.ts";

/** Which fields of workloads an autoscaler looks after. */
export interface Autoscalers {
  /** Asks the cluster for its autoscalers when first called for something that can be scaled. */
  readonly fieldsOf: (desired: Desired) => Promise<readonly Autoscaled[]>;
  /** What could not be found out. */
  readonly problems: () => readonly Problem[];
}

export interface AutoscalersRequest {
  readonly cluster: Cluster;
  readonly kinds: Kinds;
  /** Autoscalers that come with the change count as well, and those that leave with it no longer do. */
  readonly head: readonly Desired[];
  readonly setId: string;
}

const AUTOSCALERS = [
  { group: "autoscaling", kind: "HorizontalPodAutoscaler" },
  { group: "keda.sh", kind: "ScaledObject" },
  { group: "autoscaling.k8s.io", kind: "VerticalPodAutoscaler" },
] as const;

export function watchAutoscalers(
  { cluster, kinds, head, setId }: AutoscalersRequest,
  signal: AbortSignal,
): Autoscalers {
  const problems: Problem[] = [];
  const isAutoscaler = ({ ref }: Desired): boolean =>
    AUTOSCALERS.some(({ group, kind }) => ref.group === group && ref.kind === kind);

  async function list(kind: KubeKind): Promise<readonly KubeObject[]> {
    const listed = await unlessForbidden(cluster.list(kind, {}, signal));
    if (listed !== "forbidden") return listed;
    problems.push(unreadAutoscalers(kind));
    return [];
  }

  async function find(): Promise<ReturnType<typeof autoscaledPaths>> {
    const live = await Promise.all(autoscalerKinds(kinds).map(list));
    const wanted = head.filter(isAutoscaler);
    const keys = new Set(wanted.map(({ ref }) => refKey(ref)));
    const stays = (object: KubeObject): boolean =>
      object.metadata.labels?.[PART_OF_LABEL] !== setId || keys.has(refKey(refOf(object)));
    return autoscaledPaths([...wanted.map(({ object }) => object), ...live.flat().filter(stays)]);
  }

  const found = askOnce(find);
  return {
    async fieldsOf({ ref, object }) {
      if (!isScalable(object)) return [];
      return (await found.answer()).get(refKey(ref)) ?? [];
    },
    problems: () => problems,
  };
}

/** The kinds of autoscalers that a cluster serves. */
export function autoscalerKinds(kinds: Kinds): readonly KubeKind[] {
  return AUTOSCALERS.flatMap(({ group, kind }) => preferredKind(kinds, group, kind) ?? []);
}

/** Also where Git does not say how many pods there are: it may have said so before, and that is ours to lose. */
export function isScalable(object: KubeObject): boolean {
  return (
    valueAt(object, ["spec", "replicas"]) !== undefined ||
    valueAt(object, ["spec", "template", "spec", "containers"]) !== undefined
  );
}

function unreadAutoscalers({ resource, group }: KubeKind): Problem {
  return {
    code: "unread",
    level: "caution",
    message: `${resource}.${group} may not be listed, so fields that an autoscaler looks after are taken from Git`,
    remedy: `allow our identity to list ${resource}.${group}`,
  };
}
