import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startControlPlane, type ControlPlane } from "../cluster/control-plane.ts";
import { wait } from "../cluster/wait.ts";
import { changeLines, engine, problemCodes, type Engine } from "./engine.ts";

// A dead API group and a quota in `default` would disturb every other test, so these have a control plane of their own.
let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: false, say: () => {} });
});
afterAll(async () => plane[Symbol.asyncDispose]());

function kubectl(args: readonly string[], input = ""): string {
  const env = { KUBECONFIG: plane.kubeconfig, KUBECACHEDIR: "/dev/null/none" };
  const { status, stdout, stderr } = spawnSync(plane.tools.kubectl, args, { env, input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function engineOf(app: string): Promise<Engine> {
  return engine({ namespace: "default", app, kubeconfig: plane.kubeconfig });
}

const config = `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {k: "1"}
`;

describe("while an API group does not answer", () => {
  const group = "dead.example.com";
  const definition = `
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {plural: gadgets, singular: gadget, kind: Gadget}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
`;
  const gadget = `
---
apiVersion: ${group}/v1
kind: Gadget
metadata: {name: g}
spec: {size: 1}
`;
  const service = `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.${group}}
spec:
  group: ${group}
  version: v1
  groupPriorityMinimum: 100
  versionPriority: 1
  insecureSkipTLSVerify: true
  service: {name: nowhere, namespace: default, port: 443}
`;

  test("what left Git of it is unknown: nothing is written, nothing forgotten, and nothing is in sync", async () => {
    const { apply, plan, drift } = await engineOf("dead");
    kubectl(["apply", "-f", "-"], definition);
    kubectl(["wait", "--for=condition=Established", "crd", `gadgets.${group}`]);
    const before = await apply(config + gadget);
    expect(before.result).toBe("applied");
    kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], service);
    const isStale = async (): Promise<boolean> => {
      const { access } = await engineOf("dead");
      return (await access.cluster.kinds(new AbortController().signal)).unavailable.includes(group);
    };
    await wait({ what: "group stale", within: 60_000, of: [], until: isStale });

    const gone = (await plan(config, { base: config + gadget })).report;
    expect(gone.result).toBe("incomplete");
    expect(problemCodes(gone)).toEqual(["blocker unread"]);
    expect((await apply(config)).result).toBe("incomplete");
    expect((await drift(config)).result).toBe("incomplete");
    const still = (await plan(config + gadget, { base: config + gadget })).report;
    expect(problemCodes(still)).toEqual(["error group-unavailable"]);
    expect(still.result).toBe("failed");

    kubectl(["delete", "apiservice", `v1.${group}`]);
    const isBack = async (): Promise<boolean> => {
      const { access } = await engineOf("dead");
      const { served, unavailable } = await access.cluster.kinds(new AbortController().signal);
      return !unavailable.includes(group) && served.some((kind) => kind.group === group);
    };
    await wait({ what: "group back", within: 60_000, of: [], until: isBack });
    expect(changeLines(await apply(config))).toEqual(["delete Gadget g"]);
  });
});

describe("an object of a namespace that comes with it", () => {
  const namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: coming}}\n---\n";

  test("is not refused for what only holds in the namespace that stands in for it", async () => {
    const claim = (namespace: string): string =>
      `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: ${namespace}}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}}`;
    const limit = "{type: PersistentVolumeClaim, max: {storage: 1Gi}}";
    kubectl(
      ["apply", "-f", "-"],
      `{apiVersion: v1, kind: LimitRange, metadata: {name: small}, spec: {limits: [${limit}]}}`,
    );
    try {
      const isLimited = async (): Promise<boolean> => {
        try {
          kubectl(["create", "--dry-run=server", "-f", "-"], claim("default"));
          return Promise.resolve(false);
        } catch {
          return Promise.resolve(true);
        }
      };
      await wait({ what: "limit in force", within: 20_000, of: [], until: isLimited });
      const { plan } = await engineOf("coming");
      const { report } = await plan(namespace + claim("coming"), { base: "" });
      expect(problemCodes(report)).toEqual([]);
      expect(changeLines(report)).toEqual(["create Namespace coming", "create PersistentVolumeClaim data (offline)"]);
    } finally {
      kubectl(["delete", "limits", "small"]);
    }
  });

  test("is refused for what is wrong with it anywhere, under its own name", async () => {
    const { plan } = await engineOf("coming");
    const object = `{apiVersion: v1, kind: Service, metadata: {name: web, namespace: coming}, spec: {ports: [{port: 80000}]}}`;
    const { report } = await plan(namespace + object, { base: "" });
    expect(problemCodes(report)).toEqual(["blocker invalid-object"]);
    expect(report.problems[0]?.message).toContain("Service coming/web");
    expect(report.problems[0]?.message).not.toContain("plumbline-");
  });
});
