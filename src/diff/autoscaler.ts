import { isMap, type Json, type JsonMap } from "../model/json.ts";
import { groupOf, refOf, type KubeObject } from "../model/object.ts";
import { formatPath, valueAt, type Path } from "../model/path.ts";
import { formatRef, refKey, type Ref } from "../model/ref.ts";

/** A field that an autoscaler looks after. */
export interface Autoscaled {
  readonly path: Path;
  /** The autoscaler, as messages name it. */
  readonly by: string;
  /**
   * - `field`: it writes the field itself, so all of it is its own
   * - `foreign`: it acts on the pods; Git keeps its say over the field, save for what somebody else claims of it
   */
  readonly extent: "field" | "foreign";
}

/** Which fields autoscalers look after, by the ref key of the workload. An autoscaler may be given twice, of Git and of the cluster. */
export function autoscaledPaths(autoscalers: readonly KubeObject[]): ReadonlyMap<string, readonly Autoscaled[]> {
  const fields = autoscalers.flatMap(fieldsOf);
  const distinct = new Map(fields.map((field) => [`${field.workload} ${formatPath(field.path)}`, field]));
  const byWorkload = Map.groupBy(distinct.values(), ({ workload }) => workload);
  return new Map([...byWorkload].map(([workload, scaled]) => [workload, scaled.map(withoutWorkload)]));
}

interface ScaledField extends Autoscaled {
  readonly workload: string;
}

function withoutWorkload({ path, by, extent }: ScaledField): Autoscaled {
  return { path, by, extent };
}

const REPLICAS: readonly Path[] = [["spec", "replicas"]];

function fieldsOf(autoscaler: KubeObject): readonly ScaledField[] {
  const { kind } = autoscaler;
  const by = formatRef(refOf(autoscaler));
  const target = targetOf(autoscaler);
  if (target === undefined) return [];
  const fieldsAt = (paths: readonly Path[], extent: Autoscaled["extent"]): readonly ScaledField[] =>
    paths.map((path) => ({ workload: refKey(target), path, by, extent }));
  if (kind !== "VerticalPodAutoscaler") return fieldsAt(REPLICAS, "field");
  return valueAt(autoscaler, ["spec", "updatePolicy", "updateMode"]) === "Off"
    ? []
    : fieldsAt(resourcePaths(target), "foreign");
}

/** The workload of an autoscaler, in its own namespace; `undefined` for what is no autoscaler and for one that names none. */
function targetOf(autoscaler: KubeObject): Ref | undefined {
  const spec = isMap(autoscaler["spec"]) ? autoscaler["spec"] : {};
  switch (`${groupOf(autoscaler.apiVersion)}/${autoscaler.kind}`) {
    case "autoscaling/HorizontalPodAutoscaler":
      return refIn(autoscaler, spec["scaleTargetRef"], {});
    case "keda.sh/ScaledObject":
      return refIn(autoscaler, spec["scaleTargetRef"], { apiVersion: "apps/v1", kind: "Deployment" });
    case "autoscaling.k8s.io/VerticalPodAutoscaler":
      return refIn(autoscaler, spec["targetRef"], {});
    default:
      return undefined;
  }
}

function refIn({ metadata }: KubeObject, target: Json | undefined, defaults: JsonMap): Ref | undefined {
  if (!isMap(target)) return undefined;
  const { apiVersion = "", kind, name } = { ...defaults, ...target };
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") return undefined;
  const { namespace } = metadata;
  return { group: groupOf(apiVersion), kind, ...(namespace !== undefined && { namespace }), name };
}

function resourcePaths({ kind }: Ref): readonly Path[] {
  const template = kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
  return ["containers", "initContainers"].map((list) => [...template, "spec", list, { any: true }, "resources"]);
}
