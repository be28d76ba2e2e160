import { isMap, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { accessForms } from "./access-form.ts";
import { amounts, bytes, defaults, each, fields, inTurn, quantity, values, type Form } from "./form.ts";
import { claimSpec, jobSpec, podSpec, podTemplate, statefulSetSpec, templateSpec } from "./pod-form.ts";

/**
 * The object as the API server would store what is written in it: amounts in their canonical text, defaults inside parts
 * that are owned as a whole filled in. Built-in kinds only, and the object itself where nothing changes; never a reason to
 * send anything else than the object.
 */
export function serverForm(object: KubeObject): KubeObject {
  const form = FORMS.get(`${object.apiVersion} ${object.kind}`);
  return form === undefined ? object : (form(object) as KubeObject);
}

const workload = fields({ spec: templateSpec });

// SetDefaults_LimitRangeItem: for containers each of these is filled from the one before it.
const LIMIT_ITEM = inTurn(
  fields({ max: amounts, min: amounts, default: amounts, defaultRequest: amounts, maxLimitRequestRatio: amounts }),
  (item) => (isMap(item) && item["type"] === "Container" ? withLimitDefaults(item) : item),
);

const METRIC = fields(
  Object.fromEntries(
    ["resource", "containerResource", "pods", "object", "external"].map((source) => [
      source,
      fields({ target: fields({ value: quantity, averageValue: quantity }) }),
    ]),
  ),
);
const SCALING = fields({ tolerance: quantity });

// SetDefaults_ExactDeviceRequest and SetDefaults_DeviceSubRequest.
const DEVICE_REQUEST: Form = inTurn(defaults({ allocationMode: "ExactCount" }), (request) =>
  isMap(request) && request["allocationMode"] === "ExactCount" ? defaults({ count: 1 })(request) : request,
);
const DEVICE_CLAIM = fields({
  devices: fields({ requests: each(fields({ exactly: DEVICE_REQUEST, firstAvailable: each(DEVICE_REQUEST) })) }),
});

const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["v1 Pod", fields({ spec: podSpec })],
  ["v1 PodTemplate", fields({ template: podTemplate })],
  ["v1 ReplicationController", workload],
  ["apps/v1 Deployment", workload],
  ["apps/v1 ReplicaSet", workload],
  ["apps/v1 DaemonSet", workload],
  ["apps/v1 StatefulSet", fields({ spec: statefulSetSpec })],
  ["batch/v1 Job", fields({ spec: jobSpec })],
  ["batch/v1 CronJob", fields({ spec: fields({ jobTemplate: fields({ spec: jobSpec }) }) })],
  ["v1 PersistentVolumeClaim", fields({ spec: claimSpec })],
  ["v1 PersistentVolume", fields({ spec: fields({ capacity: amounts }) })],
  ["v1 ResourceQuota", fields({ spec: fields({ hard: amounts }) })],
  ["v1 LimitRange", fields({ spec: fields({ limits: each(LIMIT_ITEM) }) })],
  ["v1 Secret", fields({ data: values(bytes) })],
  ["v1 ConfigMap", fields({ binaryData: values(bytes) })],
  ["node.k8s.io/v1 RuntimeClass", fields({ overhead: fields({ podFixed: values(quantity) }) })],
  ["resource.k8s.io/v1 ResourceClaim", fields({ spec: DEVICE_CLAIM })],
  ["resource.k8s.io/v1 ResourceClaimTemplate", fields({ spec: fields({ spec: DEVICE_CLAIM }) })],
  [
    "autoscaling/v2 HorizontalPodAutoscaler",
    fields({
      spec: fields({ metrics: each(METRIC), behavior: fields({ scaleUp: SCALING, scaleDown: SCALING }) }),
    }),
  ],
  ...accessForms,
]);

function withLimitDefaults(item: JsonMap): JsonMap {
  const limit = filled(item["default"], item["max"]);
  const request = filled(filled(item["defaultRequest"], limit), item["min"]);
  const isAsBefore = limit === item["default"] && request === item["defaultRequest"];
  return isAsBefore ? item : { ...item, ...(limit && { default: limit }), ...(request && { defaultRequest: request }) };
}

/** The amounts, and those of another list of amounts that are missing. */
function filled(own: Json | undefined, other: Json | undefined): Json | undefined {
  if (!isMap(other)) return own;
  return defaults(other)(own ?? {});
}
