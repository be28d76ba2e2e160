import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cluster, kubectl } from "../cluster/cluster.ts";
import { kubeconfigText } from "../cluster/kubeconfig.ts";
import { wait } from "../cluster/wait.ts";
import { apiOf } from "../cluster/api.ts";
import type { Scene } from "./bad-input.ts";

/** Verbs by resource of the core group. */
export type Rights = Readonly<Record<string, readonly string[]>>;

/**
 * Makes a service account that may do whatever Plumbline keeps for itself, and in its own namespace exactly what is
 * given. Returns the absolute path of its kubeconfig.
 */
export async function account(
  { namespace, folder, exists }: Scene,
  { own }: { readonly own: Rights },
): Promise<string> {
  await exists("apiVersion: v1\nkind: Namespace\nmetadata: {name: $NAMESPACE-system}\n");
  await exists(ACCOUNT);
  await exists(roleOf(own));
  const token = (await kubectl(["-n", namespace, "create", "token", "deployer"])).trim();
  const { server, caFile } = cluster();
  await untilGranted({ server, caFile, token }, namespace, own);
  const file = join(folder, "kubeconfig");
  await writeFile(file, kubeconfigText({ server, caFile, user: "deployer", token, namespace }), { mode: 0o600 });
  return file;
}

const SUBJECTS = "subjects: [{kind: ServiceAccount, name: deployer, namespace: $NAMESPACE}]";

const ACCOUNT = `apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer, namespace: $NAMESPACE}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: look-$NAMESPACE}
rules: [{apiGroups: [""], resources: [namespaces], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: look-$NAMESPACE}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: look-$NAMESPACE}
${SUBJECTS}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: keep, namespace: $NAMESPACE-system}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
${SUBJECTS}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: leases, namespace: $NAMESPACE-system}
rules: [{apiGroups: [coordination.k8s.io], resources: [leases], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: leases, namespace: $NAMESPACE-system}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: leases}
${SUBJECTS}
`;

function roleOf(own: Rights): string {
  const rules = Object.entries(own).map(([resource, verbs]) => ({ apiGroups: [""], resources: [resource], verbs }));
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deploy, namespace: $NAMESPACE}
rules: ${JSON.stringify(rules)}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deploy, namespace: $NAMESPACE}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deploy}
${SUBJECTS}
`;
}

/** The API server hears of a new role a moment after it was stored; the last one that was written is the one that is seen last. */
async function untilGranted(who: Parameters<typeof apiOf>[0], namespace: string, own: Rights): Promise<void> {
  const api = apiOf(who);
  const granted = Object.keys(own).map((resource) => `/api/v1/namespaces/${namespace}/${resource}`);
  const paths = [...granted, `/apis/coordination.k8s.io/v1/namespaces/${namespace}-system/leases`];
  const isGranted = async (): Promise<boolean> => {
    const answers = await Promise.all(paths.map((path) => api.call("GET", path)));
    return answers.every(({ status }) => status === 200);
  };
  await wait({ what: "rights granted", within: 30_000, of: [], until: isGranted });
}
