import { everywhere, type BadInputs } from "../bad-input.ts";
import { configMap } from "./config-map.ts";

/** An object that is there already, and bears somebody's marks. */
const claimedBy = (metadata: string): BadInputs[string] => ({
  given: ({ exists }) =>
    exists(
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: $NAMESPACE${metadata}}\ndata: {theirs: content}\n`,
      "somebody",
    ),
  change: { "app/web.yaml": configMap("web") },
  ends: everywhere(3),
});

/** What is not ours to change, or not so much of it. */
export const CLAIMS: BadInputs = {
  "made-by-somebody": claimedBy(""),
  "owned-by-helm": claimedBy(
    ", labels: {app.kubernetes.io/managed-by: Helm}, annotations: {meta.helm.sh/release-name: web, meta.helm.sh/release-namespace: $NAMESPACE}",
  ),
  "owned-by-argo-cd": claimedBy(", annotations: {argocd.argoproj.io/tracking-id: 'shop:/ConfigMap:$NAMESPACE/web'}"),
  "owned-by-flux": claimedBy(
    ", labels: {kustomize.toolkit.fluxcd.io/name: shop, kustomize.toolkit.fluxcd.io/namespace: flux-system}",
  ),
  "owned-by-another-target": {
    ...claimedBy(", labels: {applyset.kubernetes.io/part-of: applyset-B2lFDdAeSLJmYZ6Yr0ZVqQuR8XyGH1cCwJLbVBLvVJE-v1}"),
  },
  "owned-by-another-repository": {
    applied: true,
    given: async ({ api, namespace }) => {
      const path = `/api/v1/namespaces/${namespace}-system/configmaps/plumbline.test.web`;
      const value = { data: { repository: JSON.stringify({ id: "77", name: "acme/billing" }) } };
      await api.call("PATCH", path, { type: "application/merge-patch+json", value });
    },
    change: { "app/web.yaml": configMap("web") },
    ends: { "pull request": 3, push: 6, "plumb plan": 3, "plumb apply": 6 },
  },
  "another-cluster": {
    before: {
      ".github/plumbline.yaml": `version: 1
defaults: {namespace: $NAMESPACE}
environments:
  test:
    cluster: {uid: 7f3c2f4e-0000-4000-8000-1d2c3b4a5f60}
apps: {web: {path: app}}
system: {namespace: $NAMESPACE-system}
`,
    },
    change: { "app/web.yaml": configMap("web") },
    ends: { ...everywhere(6), "plumb apply": 6 },
  },
  "lock-held": {
    given: async ({ exists }) => {
      await exists("apiVersion: v1\nkind: Namespace\nmetadata: {name: $NAMESPACE-system}\n");
      const now = new Date().toISOString().replace("Z", "000Z");
      await exists(
        `apiVersion: coordination.k8s.io/v1
kind: Lease
metadata:
  name: plumbline.test.web
  namespace: $NAMESPACE-system
  annotations: {plumbline.dev/run: "https://github.com/acme/shop/actions/runs/41"}
spec: {holderIdentity: acme/shop run 41.1 apply, leaseDurationSeconds: 60, acquireTime: "${now}", renewTime: "${now}"}
`,
        "somebody",
      );
    },
    change: { "app/web.yaml": configMap("web") },
    job: () => ({ inputs: { timeout: "1s" } }),
    options: ["--timeout", "1s"],
    ends: { push: 6, "plumb apply": 6 },
  },
  "prune-limit": {
    before: { "app/many.yaml": Array.from({ length: 12 }, (_, index) => configMap(`many-${index}`)).join("---\n") },
    applied: true,
    change: { "app/many.yaml": undefined },
    ends: everywhere(3),
  },
};
