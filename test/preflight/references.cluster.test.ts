import { describe, expect, test } from "vitest";
import { addressOf, findKind } from "../../src/model/kind.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import { refKey, type Ref } from "../../src/model/ref.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import { isAwaited } from "../../src/preflight/references.ts";
import { freshAccount, freshNamespace, kubectl } from "../cluster/cluster.ts";
import { engine } from "../flow/engine.ts";
import { yml } from "../support/yml.ts";

const signal = AbortSignal.timeout(60_000);

/** The API server's refusal of a dry-run. */
async function refusalOf(object: KubeObject, namespace: string, kubeconfig?: string): Promise<Refusal> {
  const { access } = await engine({ namespace, ...(kubeconfig !== undefined && { kubeconfig }) });
  const kind = findKind(await access.cluster.kinds(signal), object.apiVersion, object.kind);
  const answer = await access.cluster.apply(addressOf(kind!, refOf(object)), object, { dryRun: true }, signal);
  if (answer.kind !== "refused") throw new Error("the dry-run was accepted");
  return answer.refusal;
}

const coming = (...refs: readonly Ref[]): ReadonlySet<string> => new Set(refs.map(refKey));

describe("a dry-run that is refused for want of a neighbour", () => {
  test("awaits the ServiceAccount that comes with the change", async () => {
    const namespace = await freshNamespace();
    const pod = yml`
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: ${namespace}}
      spec: {serviceAccountName: web, containers: [{name: c, image: "a:1"}]}
    `;
    const refusal = await refusalOf(pod, namespace);
    const account = { group: "", kind: "ServiceAccount", namespace, name: "web" };
    expect(isAwaited(refusal, pod, coming(account))).toBe(`its ServiceAccount ${namespace}/web comes with this change`);
    expect(isAwaited(refusal, pod, coming({ ...account, name: "other" }))).toBeUndefined();
    expect(isAwaited(refusal, pod, coming({ ...account, namespace: "other" }))).toBeUndefined();
  });

  test("awaits the PriorityClass and the RuntimeClass", async () => {
    const namespace = await freshNamespace();
    const pod = (field: string): KubeObject => yml`
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: ${namespace}}
      spec: {${field}: ${namespace}-fast, containers: [{name: c, image: "a:1"}]}
    `;
    const name = `${namespace}-fast`;
    const priority = await refusalOf(pod("priorityClassName"), namespace);
    expect(
      isAwaited(
        priority,
        pod("priorityClassName"),
        coming({ group: "scheduling.k8s.io", kind: "PriorityClass", name }),
      ),
    ).toBe(`its scheduling.k8s.io/PriorityClass ${name} comes with this change`);
    expect(isAwaited(priority, pod("priorityClassName"), coming())).toBeUndefined();
    const runtime = await refusalOf(pod("runtimeClassName"), namespace);
    expect(
      isAwaited(runtime, pod("runtimeClassName"), coming({ group: "node.k8s.io", kind: "RuntimeClass", name })),
    ).toBe(`its node.k8s.io/RuntimeClass ${name} comes with this change`);
  });

  test("awaits the role of a binding, where our identity may not bind just any", async () => {
    const namespace = await freshNamespace();
    const kubeconfig = await freshAccount(namespace, ["get,list,create,patch rolebindings.rbac.authorization.k8s.io"]);
    const binding = (kind: string): KubeObject => yml`
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: b, namespace: ${namespace}}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: ${namespace}-reader}
      subjects: [{kind: ServiceAccount, name: web, namespace: ${namespace}}]
    `;
    const role = { group: "rbac.authorization.k8s.io", kind: "Role", namespace, name: `${namespace}-reader` };
    const ofRole = await refusalOf(binding("Role"), namespace, kubeconfig);
    expect(isAwaited(ofRole, binding("Role"), coming(role))).toBe(
      `its rbac.authorization.k8s.io/Role ${namespace}/${namespace}-reader comes with this change`,
    );
    const { namespace: _, ...clusterRole } = { ...role, kind: "ClusterRole" };
    const ofClusterRole = await refusalOf(binding("ClusterRole"), namespace, kubeconfig);
    expect(isAwaited(ofClusterRole, binding("ClusterRole"), coming(clusterRole))).toBe(
      `its rbac.authorization.k8s.io/ClusterRole ${namespace}-reader comes with this change`,
    );
    expect(isAwaited(ofClusterRole, binding("ClusterRole"), coming(role))).toBeUndefined();
  });

  test("awaits the LimitRange that will set the requests which a quota asks for", async () => {
    const namespace = await freshNamespace();
    await kubectl(["-n", namespace, "create", "quota", "q", "--hard=requests.cpu=1"]);
    const pod = yml`
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: ${namespace}}
      spec: {containers: [{name: c, image: "a:1"}]}
    `;
    const refusal = await refusalOf(pod, namespace);
    expect(isAwaited(refusal, pod, coming({ group: "", kind: "LimitRange", namespace, name: "defaults" }))).toBe(
      `its LimitRange ${namespace}/defaults, which sets requests, comes with this change`,
    );
    expect(isAwaited(refusal, pod, coming())).toBeUndefined();
  });

  test("is a plain refusal when something else is wrong, whatever comes", async () => {
    const namespace = await freshNamespace();
    const pod = yml`
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: ${namespace}}
      spec: {serviceAccountName: web, containers: []}
    `;
    const everything = coming({ group: "", kind: "ServiceAccount", namespace, name: "default" });
    expect(isAwaited(await refusalOf(pod, namespace), pod, everything)).toBeUndefined();
  });
});
