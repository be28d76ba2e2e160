import { wait } from "../../cluster/wait.ts";
import { CANARY } from "../scene.ts";
import { everywhere, type BadInputs, type Scene } from "../bad-input.ts";
import { configMap } from "./config-map.ts";

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example/web:1
          ports:
            - containerPort: 80
`;

/** What only the API server can say. */
export const REFUSALS: BadInputs = {
  "no-such-namespace": {
    change: { "app/web.yaml": configMap("web").replace("{name: web}", "{name: web, namespace: $NAMESPACE-typo}") },
    ends: everywhere(3),
  },
  "no-such-kind": {
    change: { "app/web.yaml": "apiVersion: acme.example/v1\nkind: Queue\nmetadata: {name: mail}\nspec: {depth: 3}\n" },
    ends: everywhere(3),
  },
  "version-not-served": {
    change: { "app/web.yaml": DEPLOYMENT.replace("apps/v1", "apps/v1beta2") },
    ends: everywhere(3),
  },
  "unknown-field": {
    change: { "app/web.yaml": DEPLOYMENT.replace("replicas: 0", "repicas: 0") },
    ends: everywhere(3),
  },
  "repeated-list-key": {
    change: { "app/web.yaml": `${DEPLOYMENT}            - containerPort: 80\n` },
    ends: everywhere(3),
  },
  "wrong-type": {
    change: { "app/web.yaml": DEPLOYMENT.replace("replicas: 0", "replicas: three") },
    ends: everywhere(3),
  },
  "invalid-value": {
    change: { "app/web.yaml": DEPLOYMENT.replace("metadata: {labels: {app: web}}", "metadata: {labels: {app: wbe}}") },
    ends: everywhere(3),
  },
  "immutable-field": {
    before: { "app/web.yaml": DEPLOYMENT },
    applied: true,
    change: { "app/web.yaml": DEPLOYMENT.replaceAll("{app: web}", "{app: shop}") },
    ends: everywhere(3),
  },
  "secret-not-base64": {
    change: { "app/web.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: web}\ndata: {a: "${CANARY}!"}\n` },
    ends: everywhere(3),
  },
  "namespace-terminating": {
    given: async (scene) => {
      await scene.exists("apiVersion: v1\nkind: Namespace\nmetadata: {name: $NAMESPACE-old}\n");
      await scene.exists(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: holds, namespace: $NAMESPACE-old, finalizers: [acme.example/hold]}\n",
        "somebody",
      );
      await scene.api.call("DELETE", `/api/v1/namespaces/${scene.namespace}-old`);
    },
    change: { "app/web.yaml": configMap("web").replace("{name: web}", "{name: web, namespace: $NAMESPACE-old}") },
    ends: everywhere(3),
  },
  "policy-denies": {
    given: async (scene) => {
      await scene.exists(POLICY);
      await deniesConfigMaps(scene);
    },
    change: { "app/web.yaml": configMap("web") },
    ends: everywhere(3),
  },
  "quota-exceeded": {
    given: async (scene) => {
      await scene.exists(
        "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: small, namespace: $NAMESPACE}\nspec: {hard: {services: 0}}\n",
      );
      const path = `/api/v1/namespaces/${scene.namespace}/resourcequotas/small`;
      const isCounted = async (): Promise<boolean> => (await scene.api.call("GET", path)).text.includes('"used"');
      await wait({ what: "quota counted", within: 30_000, of: [], until: isCounted });
    },
    change: { "app/web.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n" },
    ends: everywhere(3),
  },
};

const POLICY = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: $NAMESPACE}
spec:
  failurePolicy: Fail
  matchConstraints:
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: $NAMESPACE}}
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  validations:
    - expression: "has(object.metadata.labels) && 'team' in object.metadata.labels"
      message: every ConfigMap names its team in the label team
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: $NAMESPACE}
spec: {policyName: $NAMESPACE, validationActions: [Deny]}
`;

/** The API server obeys a new policy a moment after it was stored. */
async function deniesConfigMaps({ api, namespace }: Scene): Promise<void> {
  const value = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "probe" } };
  const isDenied = async (): Promise<boolean> => {
    const path = `/api/v1/namespaces/${namespace}/configmaps?dryRun=All`;
    return (await api.call("POST", path, { type: "application/json", value })).status === 422;
  };
  await wait({ what: "policy obeyed", within: 60_000, of: [], until: isDenied });
}
