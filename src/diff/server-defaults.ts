import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { defaults, each, fields, inTurn, type Form } from "./form.ts";

/**
 * The object with the fields that the API server fills in where a manifest of a built-in kind leaves them out
 * (`SetDefaults_*` of Kubernetes). Those that depend on another object or on the node are not among them.
 */
export function withDefaults(object: KubeObject): KubeObject {
  const form = DEFAULTS.get(`${object.apiVersion} ${object.kind}`);
  return form === undefined ? object : (form(object) as KubeObject);
}

const VOLUME_MODE = defaults({ defaultMode: 420 });
const PROBE = inTurn(
  defaults({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  fields({ httpGet: defaults({ path: "/", scheme: "HTTP" }), grpc: defaults({ service: "" }) }),
);
const HOOK = fields({ httpGet: defaults({ path: "/", scheme: "HTTP" }) });
const PROTOCOL = defaults({ protocol: "TCP" });
const ENV = fields({ valueFrom: fields({ fieldRef: defaults({ apiVersion: "v1" }) }) });

const CONTAINER = inTurn(
  (container) => defaults({ imagePullPolicy: isLatest(container) ? "Always" : "IfNotPresent" })(container),
  defaults({ resources: {}, terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File" }),
  fields({
    ports: each(PROTOCOL),
    env: each(ENV),
    livenessProbe: PROBE,
    readinessProbe: PROBE,
    startupProbe: PROBE,
    lifecycle: fields({ postStart: HOOK, preStop: HOOK }),
  }),
);

function isLatest(container: Json): boolean {
  const image = isMap(container) ? container["image"] : undefined;
  if (typeof image !== "string" || image.includes("@")) return false;
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest";
}

const VOLUME = fields({
  configMap: VOLUME_MODE,
  secret: VOLUME_MODE,
  downwardAPI: VOLUME_MODE,
  projected: VOLUME_MODE,
  hostPath: defaults({ type: "" }),
});

const POD = inTurn(
  defaults({
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  }),
  fields({ containers: each(CONTAINER), initContainers: each(CONTAINER), volumes: each(VOLUME) }),
);
const TEMPLATE = fields({ spec: POD });

const DEPLOYMENT = inTurn(
  defaults({ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} }),
  fields({
    strategy: rolling({ maxSurge: "25%", maxUnavailable: "25%" }),
    template: TEMPLATE,
  }),
);
const STATEFUL_SET = inTurn(
  defaults({
    replicas: 1,
    revisionHistoryLimit: 10,
    podManagementPolicy: "OrderedReady",
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    updateStrategy: {},
  }),
  fields({ updateStrategy: rolling({ partition: 0 }), template: TEMPLATE }),
);
const DAEMON_SET = inTurn(
  defaults({ revisionHistoryLimit: 10, updateStrategy: {} }),
  fields({ updateStrategy: rolling({ maxSurge: 0, maxUnavailable: 1 }), template: TEMPLATE }),
);

/** A way of updating, which is a rolling one with these numbers unless it says otherwise. */
function rolling(numbers: JsonMap): Form {
  return inTurn(defaults({ type: "RollingUpdate" }), (strategy) =>
    isMap(strategy) && strategy["type"] === "RollingUpdate"
      ? inTurn(defaults({ rollingUpdate: {} }), fields({ rollingUpdate: defaults(numbers) }))(strategy)
      : strategy,
  );
}

// The registry writes it beside the defaults; it counts changes of the template, which are most changes of the spec.
const TEMPLATE_GENERATION: Form = (metadata) => {
  if (!isMap(metadata) || typeof metadata["generation"] !== "number") return metadata;
  const counted = { "deprecated.daemonset.template.generation": String(metadata["generation"]) };
  return inTurn(defaults({ annotations: {} }), fields({ annotations: defaults(counted) }))(metadata);
};

const JOB = inTurn(
  defaults({ backoffLimit: 6, completionMode: "NonIndexed", podReplacementPolicy: "TerminatingOrFailed" }),
  defaults({ manualSelector: false, suspend: false }),
  (spec) =>
    isMap(spec) && spec["completions"] === undefined ? defaults({ completions: 1, parallelism: 1 })(spec) : spec,
  fields({ template: TEMPLATE }),
);
const CRON_JOB = inTurn(
  defaults({ concurrencyPolicy: "Allow", failedJobsHistoryLimit: 1, successfulJobsHistoryLimit: 3, suspend: false }),
  // A CronJob's template gets no defaults of a Job until one is made of it.
  fields({ jobTemplate: fields({ spec: fields({ template: TEMPLATE }) }) }),
);

const SERVICE = inTurn(
  defaults({ internalTrafficPolicy: "Cluster", sessionAffinity: "None", type: "ClusterIP" }),
  fields({
    ports: each(
      inTurn(PROTOCOL, (port) =>
        isMap(port) && port["port"] !== undefined ? defaults({ targetPort: port["port"] })(port) : port,
      ),
    ),
  }),
);

const PEER_PORTS = each(fields({ ports: each(PROTOCOL) }));
const NETWORK_POLICY = inTurn(fields({ ingress: PEER_PORTS, egress: PEER_PORTS }), (spec) => {
  const hasEgress = isMap(spec) && isList(spec["egress"]) && spec["egress"].length > 0;
  return defaults({ policyTypes: hasEgress ? ["Ingress", "Egress"] : ["Ingress"] })(spec);
});

const CLAIM = defaults({ volumeMode: "Filesystem" });
const BINDING = fields({ roleRef: defaults({ apiGroup: "rbac.authorization.k8s.io" }) });

const CPU_METRIC = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
};

const DEFAULTS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["v1 Pod", fields({ spec: POD })],
  ["v1 Service", fields({ spec: SERVICE })],
  ["v1 PersistentVolumeClaim", fields({ spec: CLAIM })],
  ["v1 PersistentVolume", fields({ spec: inTurn(CLAIM, defaults({ persistentVolumeReclaimPolicy: "Retain" })) })],
  ["v1 Secret", defaults({ type: "Opaque" })],
  ["apps/v1 Deployment", fields({ spec: DEPLOYMENT })],
  ["apps/v1 StatefulSet", fields({ spec: STATEFUL_SET })],
  ["apps/v1 DaemonSet", fields({ metadata: TEMPLATE_GENERATION, spec: DAEMON_SET })],
  ["apps/v1 ReplicaSet", fields({ spec: inTurn(defaults({ replicas: 1 }), fields({ template: TEMPLATE })) })],
  ["batch/v1 Job", fields({ spec: JOB })],
  ["batch/v1 CronJob", fields({ spec: CRON_JOB })],
  ["networking.k8s.io/v1 NetworkPolicy", fields({ spec: NETWORK_POLICY })],
  ["rbac.authorization.k8s.io/v1 RoleBinding", BINDING],
  ["rbac.authorization.k8s.io/v1 ClusterRoleBinding", BINDING],
  ["storage.k8s.io/v1 StorageClass", defaults({ reclaimPolicy: "Delete", volumeBindingMode: "Immediate" })],
  ["autoscaling/v2 HorizontalPodAutoscaler", fields({ spec: defaults({ minReplicas: 1, metrics: [CPU_METRIC] }) })],
]);
