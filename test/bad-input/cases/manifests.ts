import { CANARY } from "../scene.ts";
import { everywhere, type BadInputs } from "../bad-input.ts";
import { configMap } from "./config-map.ts";

/** What can be said of a manifest without asking a server. */
export const MANIFESTS: BadInputs = {
  "broken-yaml": {
    change: {
      "app/web.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: web\nstringData:\n  a: " + CANARY + "\n",
    },
    ends: { ...everywhere(3), "plumb apply": 3 },
  },
  "repeated-key": {
    change: {
      "app/web.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData:\n  a: b\n  a: ${CANARY}\n`,
    },
    ends: { "pull request": 0, "plumb plan": 1 },
  },
  "no-kind": {
    change: { "app/web.yaml": "replicas: 3\nimage: web:1\n" },
    ends: everywhere(3),
  },
  "no-name": {
    change: {
      "app/web.yaml": `${configMap("web")}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {app: web}}\n`,
    },
    ends: everywhere(3),
  },
  "generated-name": {
    change: { "app/web.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: migrate-}\nspec: {}\n" },
    ends: everywhere(3),
  },
  "twice-in-one-file": {
    change: { "app/web.yaml": `${configMap("web")}---\n${configMap("web")}` },
    ends: everywhere(3),
  },
  "twice-in-two-files": {
    change: { "app/a/web.yaml": configMap("web"), "app/b/web.yaml": configMap("web") },
    ends: everywhere(3),
  },
  "encrypted-value": {
    change: {
      "app/web.yaml":
        "apiVersion: v1\nkind: Secret\nmetadata: {name: web}\nstringData: {a: 'ENC[AES256_GCM,data:p673w==,type:str]'}\n",
    },
    ends: everywhere(3),
  },
  "sops-key": {
    change: {
      "app/web.yaml": `${configMap("web")}sops: {mac: 'ENC[AES256_GCM,data:p673w==,type:str]', version: 3.9.0}\n`,
    },
    ends: everywhere(3),
  },
  "unresolved-variable": {
    change: { "app/web.yaml": configMap("web").replace("a: b", "a: 'https://${HOST}/'") },
    ends: { "pull request": 0, "plumb plan": 1 },
  },
  "too-large-for-its-kind": {
    change: { "app/web.yaml": configMap("web").replace("a: b", `a: ${"x".repeat(1_200_000)}`) },
    ends: everywhere(3),
  },
  "too-large": {
    change: { "app/web.yaml": configMap("web").replace("a: b", `a: ${"x".repeat(1_700_000)}`) },
    ends: everywhere(3),
  },
  "namespace-not-allowed": {
    before: {
      ".github/plumbline.yaml": `version: 1
defaults: {namespace: $NAMESPACE, namespaces: ["$NAMESPACE", "shop-*"]}
environments: {test: {}}
apps: {web: {path: app}}
system: {namespace: $NAMESPACE-system}
`,
    },
    change: { "app/web.yaml": configMap("web").replace("{name: web}", "{name: web, namespace: kube-public}") },
    ends: everywhere(3),
  },
  "namespace-on-cluster-scoped": {
    change: {
      "app/web.yaml":
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: $NAMESPACE, namespace: $NAMESPACE}\nrules: []\n",
    },
    ends: everywhere(3),
  },
};
