import { amounts, defaults, each, fields, inTurn, quantity, withoutEmpty, type Form } from "./form.ts";

// `env[].valueFrom.*Ref`, `tolerations[]`, `volumes[].projected.sources[]` and `volumeClaimTemplates[]` are atomic: what the
// server fills in there would look like a difference. Elsewhere nobody owns a default, so none is needed.

const REQUIREMENTS = fields({ requests: amounts, limits: amounts });

/** The spec of a PersistentVolumeClaim. */
export const claimSpec: Form = fields({ resources: REQUIREMENTS });

// SetDefaults_ObjectFieldSelector; a divisor that is not given is printed as the zero amount that it is.
const FIELD_SOURCE = fields({
  fieldRef: defaults({ apiVersion: "v1" }),
  resourceFieldRef: inTurn(defaults({ divisor: "0" }), fields({ divisor: quantity })),
});
const FIELD_FILES = fields({ items: each(FIELD_SOURCE) });

const CONTAINERS = each(fields({ resources: REQUIREMENTS, env: each(fields({ valueFrom: FIELD_SOURCE })) }));

const VOLUME = fields({
  emptyDir: fields({ sizeLimit: quantity }),
  downwardAPI: FIELD_FILES,
  projected: fields({
    // SetDefaults_ServiceAccountTokenProjection: one hour.
    sources: each(fields({ serviceAccountToken: defaults({ expirationSeconds: 3600 }), downwardAPI: FIELD_FILES })),
  }),
  ephemeral: fields({ volumeClaimTemplate: fields({ spec: claimSpec }) }),
});

/** The spec of a Pod. */
export const podSpec: Form = fields({
  containers: CONTAINERS,
  initContainers: CONTAINERS,
  resources: REQUIREMENTS,
  overhead: amounts,
  volumes: each(VOLUME),
  tolerations: each(withoutEmpty({ key: "", operator: "", value: "", effect: "" })),
});

/** What Pods are made from. */
export const podTemplate: Form = fields({ spec: podSpec });

/** A spec with a Pod template in it. */
export const templateSpec: Form = fields({ template: podTemplate });

// The list is atomic, so all that the server makes of a whole claim shows: SetDefaults_PersistentVolumeClaim and
// SetDefaults_PersistentVolumeClaimSpec.
const CLAIM_TEMPLATE = inTurn(
  defaults({ apiVersion: "v1", kind: "PersistentVolumeClaim", status: {} }),
  fields({
    metadata: withoutEmpty({ labels: {}, annotations: {} }),
    spec: inTurn(defaults({ volumeMode: "Filesystem" }), claimSpec),
    status: defaults({ phase: "Pending" }),
  }),
);

/** The spec of a StatefulSet. */
export const statefulSetSpec: Form = fields({
  template: podTemplate,
  volumeClaimTemplates: each(CLAIM_TEMPLATE),
});

// SetDefaults_PodFailurePolicyOnPodConditionsPattern; the rules are atomic.
const FAILURE_POLICY = fields({
  rules: each(
    inTurn(withoutEmpty({ onPodConditions: [] }), fields({ onPodConditions: each(defaults({ status: "True" })) })),
  ),
});

/** The spec of a Job. */
export const jobSpec: Form = fields({ template: podTemplate, podFailurePolicy: FAILURE_POLICY });
