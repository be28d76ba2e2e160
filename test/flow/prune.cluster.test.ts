import { describe, expect, test } from "vitest";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { changeLines, driftLines, engine, problemCodes } from "./engine.ts";

const config = (name: string, more = ""): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}${more}}
data: {k: "1"}
`;

async function names(namespace: string, resource = "configmaps"): Promise<readonly string[]> {
  const text = await kubectl(["-n", namespace, "get", resource, "-o", "name"]);
  return text
    .split("\n")
    .map((line) => line.slice(line.indexOf("/") + 1))
    .filter((name) => name !== "" && name !== "kube-root-ca.crt" && !name.startsWith("plumbline."));
}

describe("an object that left Git", () => {
  test("is deleted when it is ours", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    await apply(config("a") + config("b"));
    const report = await apply(config("a"));
    expect(changeLines(report)).toEqual(["delete ConfigMap b"]);
    expect(await names(namespace)).toEqual(["a"]);
  });

  test("stays when somebody took our label off", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    await apply(config("a") + config("b"));
    await kubectl(["-n", namespace, "label", "configmap", "b", "applyset.kubernetes.io/part-of-"]);
    const report = await apply(config("a"), { base: config("a") + config("b") });
    expect(changeLines(report)).toEqual(["keep ConfigMap b"]);
    expect(await names(namespace)).toEqual(["a", "b"]);
  });

  test("stays when the inventory that would prove it ours is lost", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    await apply(config("a") + config("b"));
    await kubectl(["-n", namespace, "delete", "configmap", "plumbline.test.app"]);
    const report = await apply(config("a"));
    expect(changeLines(report)).toEqual(["keep ConfigMap b"]);
    expect(await names(namespace)).toEqual(["a", "b"]);
  });

  test("stays when another manager made it and our label was copied onto it", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    await apply(config("a"));
    const [, label = ""] =
      /part-of: (\S+)/.exec(await kubectl(["-n", namespace, "get", "cm", "a", "-o", "yaml"])) ?? [];
    await kubectl(["-n", namespace, "create", "configmap", "copy"]);
    await kubectl(["-n", namespace, "label", "configmap", "copy", `applyset.kubernetes.io/part-of=${label}`]);
    expect(changeLines(await apply(config("a")))).toEqual([]);
    expect(await names(namespace)).toEqual(["a", "copy"]);
  });

  test("stays when a controller owns it", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    await apply(config("a") + config("b"));
    const uid = await kubectl(["-n", namespace, "get", "cm", "a", "-o", "jsonpath={.metadata.uid}"]);
    const owner = { apiVersion: "v1", kind: "ConfigMap", name: "a", uid, controller: true };
    const patch = JSON.stringify({ metadata: { ownerReferences: [owner] } });
    await kubectl(["-n", namespace, "patch", "cm", "b", "--type=merge", "-p", patch]);
    await apply(config("a"));
    expect(await names(namespace)).toEqual(["a", "b"]);
  });

  test("stays when it was made anew by somebody else under the same name", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    await apply(config("a") + config("b"));
    await kubectl(["-n", namespace, "delete", "cm", "b"]);
    await kubectl(["-n", namespace, "create", "cm", "b"]);
    const report = await apply(config("a"), { base: config("a") + config("b") });
    expect(changeLines(report)).toEqual([]);
    expect(driftLines(report)).toEqual([]);
    expect(await names(namespace)).toEqual(["a", "b"]);
  });

  test("stays when it asks to, and is still known when it no longer asks", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    const role = `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, annotations: {plumbline.dev/prune: "false"}}
rules: []
`;
    await apply(config("a") + role);
    expect(changeLines(await apply(config("a")))).toEqual(["keep Role r"]);
    expect(await names(namespace, "roles")).toEqual(["r"]);
    await kubectl(["-n", namespace, "annotate", "role", "r", "plumbline.dev/prune-"]);
    expect(changeLines(await apply(config("a")))).toEqual(["delete Role r"]);
    expect(await names(namespace, "roles")).toEqual([]);
  });

  test("stays, and the run says so, when its kind may not be listed", async () => {
    const namespace = await freshNamespace();
    const admin = await engine({ namespace });
    const role = `
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r}
rules: []
`;
    await admin.apply(config("a") + role);
    const blind = await engine({
      namespace,
      around: (access) => ({
        ...access,
        cluster: {
          ...access.cluster,
          get requests() {
            return access.cluster.requests;
          },
          list: async (kind, selection, signal) => {
            const { Failure } = await import("../../src/model/failure.ts");
            if (kind.kind === "Role")
              throw new Failure("cluster-forbidden", "list roles: forbidden", { remedy: "allow it" });
            return access.cluster.list(kind, selection, signal);
          },
        },
      }),
    });
    const plan = await blind.plan(config("a"));
    expect(plan.report.result).toBe("incomplete");
    expect(problemCodes(plan.report)).toEqual(["blocker unread"]);
    expect((await blind.apply(config("a"))).result).toBe("incomplete");
    expect(changeLines(await admin.apply(config("a")))).toEqual(["delete Role r"]);
  });

  test("is not deleted with all the others when nothing is rendered any more", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    await apply(config("a") + config("b"));
    const report = await apply("");
    expect(report.result).toBe("failed");
    expect(problemCodes(report)).toEqual(["error empty-render"]);
    expect(await names(namespace)).toEqual(["a", "b"]);
  });
});

describe("two targets", () => {
  test("share a namespace without touching each other's objects", async () => {
    const namespace = await freshNamespace();
    const [one, two] = [await engine({ namespace, app: "one" }), await engine({ namespace, app: "two" })];
    await one.apply(config("a"));
    await two.apply(config("b"));
    expect(changeLines(await one.apply(config("a")))).toEqual([]);
    expect(await names(namespace)).toEqual(["a", "b"]);
    const both = await two.apply(config("a") + config("b"));
    expect(problemCodes(both)).toEqual(["blocker owned-by-another"]);
    expect(changeLines(await one.plan(config("c")).then(({ report }) => report))).toEqual([
      "delete ConfigMap a",
      "create ConfigMap c",
    ]);
  });
});

describe("a run is refused before it writes anything", () => {
  test("when the cluster is not the one that the configuration names", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    const report = await apply(config("a"), { clusterUid: "another" });
    expect(problemCodes(report)).toEqual(["error wrong-cluster"]);
    expect(report.result).toBe("refused");
    expect(await kubectl(["-n", namespace, "get", "leases,secrets,configmaps", "-o", "name"])).toBe(
      "configmap/kube-root-ca.crt\n",
    );
  });

  test("when the target belongs to another repository", async () => {
    const namespace = await freshNamespace();
    const { apply } = await engine({ namespace });
    await apply(config("a"));
    const lease = await kubectl(["-n", namespace, "get", "leases", "-o", "yaml"]);
    const report = await apply(config("b"), { repository: { id: "2", name: "acme/other" } });
    expect(report.result).toBe("refused");
    expect(problemCodes(report)).toEqual(["blocker owned-by-another-repository"]);
    expect(await kubectl(["-n", namespace, "get", "leases", "-o", "yaml"])).toBe(lease);
    expect(await names(namespace)).toEqual(["a"]);
  });
});
