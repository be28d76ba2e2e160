import { isMap } from "../model/json.ts";
import { bytes, defaults, each, fields, inTurn, withoutEmpty, type Form } from "./form.ts";

// Who may reach what: networks, roles, admission. Most lists of these kinds are atomic.

const PORTS = fields({ ports: each(defaults({ protocol: "TCP" })) });

// Empty lists stay here: this kind's generation tells an empty list from none, so every write of one is a change.
const TRAFFIC = each(PORTS);

const INGRESS_RULE = inTurn(
  withoutEmpty({ host: "" }),
  fields({ http: fields({ paths: each(withoutEmpty({ path: "" })) }) }),
);

const RBAC_GROUP = "rbac.authorization.k8s.io";
const ROLE = fields({
  rules: each(withoutEmpty({ apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] })),
});
// SetDefaults_Subject: a ServiceAccount is of the core group, whose name is empty and so not stored.
const SUBJECT: Form = inTurn(withoutEmpty({ apiGroup: "", namespace: "" }), (subject) =>
  isMap(subject) && (subject["kind"] === "User" || subject["kind"] === "Group")
    ? defaults({ apiGroup: RBAC_GROUP })(subject)
    : subject,
);
const BINDING = fields({
  subjects: each(SUBJECT),
  roleRef: inTurn(withoutEmpty({ apiGroup: "" }), defaults({ apiGroup: RBAC_GROUP })),
});

const SELECTOR = withoutEmpty({ matchLabels: {}, matchExpressions: [] });
const RULES = each(defaults({ scope: "*" }));
const WEBHOOKS = fields({ webhooks: each(fields({ rules: RULES, clientConfig: fields({ caBundle: bytes }) })) });
// SetDefaults_MatchResources and SetDefaults_Rule; the whole of it is atomic.
const MATCH = inTurn(
  defaults({ matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} }),
  withoutEmpty({ resourceRules: [], excludeResourceRules: [] }),
  fields({
    namespaceSelector: SELECTOR,
    objectSelector: SELECTOR,
    resourceRules: RULES,
    excludeResourceRules: RULES,
  }),
);
const VALIDATIONS = each(withoutEmpty({ message: "", messageExpression: "" }));
const POLICY = fields({ spec: fields({ matchConstraints: MATCH, validations: VALIDATIONS }) });
const POLICY_BINDING = fields({ spec: fields({ matchResources: MATCH }) });

/** What becomes of each kind, by apiVersion and kind. */
export const accessForms: readonly (readonly [string, Form])[] = [
  ["networking.k8s.io/v1 NetworkPolicy", fields({ spec: fields({ ingress: TRAFFIC, egress: TRAFFIC }) })],
  ["networking.k8s.io/v1 Ingress", fields({ spec: fields({ rules: each(INGRESS_RULE) }) })],
  ["v1 Endpoints", fields({ subsets: each(PORTS) })],
  [
    "discovery.k8s.io/v1 EndpointSlice",
    // SetDefaults_EndpointPort; conditions are no pointer, so they are always printed.
    fields({ ports: each(defaults({ name: "", protocol: "TCP" })), endpoints: each(defaults({ conditions: {} })) }),
  ],
  [`${RBAC_GROUP}/v1 Role`, ROLE],
  [`${RBAC_GROUP}/v1 ClusterRole`, ROLE],
  [`${RBAC_GROUP}/v1 RoleBinding`, BINDING],
  [`${RBAC_GROUP}/v1 ClusterRoleBinding`, BINDING],
  ["admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration", WEBHOOKS],
  ["admissionregistration.k8s.io/v1 MutatingWebhookConfiguration", WEBHOOKS],
  ["admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy", POLICY],
  ["admissionregistration.k8s.io/v1 MutatingAdmissionPolicy", POLICY],
  ["admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding", POLICY_BINDING],
  ["admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding", POLICY_BINDING],
  ["apiregistration.k8s.io/v1 APIService", fields({ spec: fields({ caBundle: bytes }) })],
];
