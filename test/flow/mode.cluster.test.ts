import { expect, onTestFinished, test } from "vitest";
import type { Desired } from "../../src/flow/desired.ts";
import { chooseMode } from "../../src/flow/mode.ts";
import { openAccess } from "../../src/kube/access.ts";
import type { KubeKind } from "../../src/model/kind.ts";
import type { Mode } from "../../src/model/mode.ts";
import type { Cluster } from "../../src/ports.ts";
import { systemClock } from "../../src/system/clock.ts";
import { readOneDocument } from "../../src/manifest/one-document.ts";
import { cluster, freshAccount, freshNamespace, kubectl } from "../cluster/cluster.ts";

const signal = new AbortController().signal;

const of = { verbs: [], namespaced: true, hasStatus: false, version: "v1" };
const DEPLOYMENT: KubeKind = { ...of, group: "apps", kind: "Deployment", resource: "deployments" };
const SETTINGS: KubeKind = { ...of, group: "", kind: "ConfigMap", resource: "configmaps" };
const NAMESPACE: KubeKind = { ...of, group: "", kind: "Namespace", resource: "namespaces", namespaced: false };

/** An account's choice in words: `apps/Deployment other: why not`, one line for each place where no dry-run may be asked. */
async function choose(kubeconfig: string, places: readonly (readonly [KubeKind, string?])[], mode: Mode = "auto") {
  const opened = await openAccess(
    { kubeconfig, env: {}, readYaml: readOneDocument },
    { systemNamespace: "default", clock: systemClock },
  );
  onTestFinished(() => opened.close());
  const api = counting(opened.access.cluster);
  const desired = places.map(([kind, namespace]) => toDesired(kind, namespace));
  const { readOnly, note } = await chooseMode(mode, desired, api.cluster, signal);
  const told = places.flatMap(([kind, namespace]) => {
    const reason = readOnly(kind, namespace);
    return reason === undefined ? [] : [`${kind.kind}: ${reason}`];
  });
  return { told, note, reviews: api.reviews() };
}

function counting(inner: Cluster): { readonly cluster: Cluster; readonly reviews: () => number } {
  let reviews = 0;
  const mayI: Cluster["mayI"] = (right, abort) => {
    reviews += 1;
    return inner.mayI(right, abort);
  };
  return { cluster: { ...inner, mayI }, reviews: () => reviews };
}

function toDesired(kind: KubeKind, namespace: string | undefined): Desired {
  const place = namespace === undefined ? { name: "a" } : { namespace, name: "a" };
  return {
    ref: { group: kind.group, kind: kind.kind, ...place },
    object: { apiVersion: "v1", kind: kind.kind, metadata: place },
    at: { file: "a.yaml", line: 1, column: 1 },
    address: { kind, ...place },
    pendingKind: false,
    keepsStatus: false,
  };
}

test("an administrator is asked about once, whatever is planned", async () => {
  const choice = await choose(cluster().kubeconfig, [[DEPLOYMENT, "a"], [DEPLOYMENT, "b"], [NAMESPACE]]);
  expect(choice).toEqual({ told: [], note: undefined, reviews: 1 });
});

test("an account of one namespace dry-runs there, and only what it may write", async () => {
  const namespace = await freshNamespace();
  const kubeconfig = await freshAccount(namespace, [
    "get,list,patch,create deployments.apps",
    "get,list,patch configmaps",
  ]);
  const choice = await choose(kubeconfig, [
    [DEPLOYMENT, namespace],
    [DEPLOYMENT, "default"],
    [SETTINGS, namespace],
    [NAMESPACE],
  ]);
  expect(choice.told).toEqual([
    "Deployment: may not patch deployments.apps in namespace default",
    `ConfigMap: may not create configmaps in namespace ${namespace}`,
    "Namespace: may not patch namespaces",
  ]);
  expect(choice.note).toBe(
    `read-only: may not patch deployments.apps in namespace default, may not create configmaps in namespace ${namespace}, may not patch namespaces`,
  );
});

test("an account that may patch and create everywhere is asked no more than three times", async () => {
  const namespace = await freshNamespace();
  const kubeconfig = await freshAccount(namespace, []);
  const [account = ""] = /account-\w+/.exec(kubeconfig) ?? [];
  const role = `${namespace}-planner`;
  await kubectl(["create", "clusterrole", role, "--verb=get,list,patch,create", "--resource=*.*"]);
  await kubectl([
    "create",
    "clusterrolebinding",
    role,
    `--clusterrole=${role}`,
    `--serviceaccount=${namespace}:${account}`,
  ]);
  onTestFinished(async () => void (await kubectl(["delete", "clusterrole,clusterrolebinding", role])));
  await expect
    .poll(() => choose(kubeconfig, [[DEPLOYMENT, "a"], [NAMESPACE]]), { timeout: 20_000 })
    .toEqual({
      told: [],
      note: undefined,
      reviews: 3,
    });
});

test("whoever says which mode is taken at their word", async () => {
  const namespace = await freshNamespace();
  const kubeconfig = await freshAccount(namespace, []);
  expect(await choose(kubeconfig, [[DEPLOYMENT, namespace]], "dry-run")).toEqual({
    told: [],
    note: undefined,
    reviews: 0,
  });
  expect(await choose(cluster().kubeconfig, [[DEPLOYMENT, namespace]], "read-only")).toEqual({
    told: ["Deployment: mode read-only"],
    note: "read-only: no dry-run was asked for",
    reviews: 0,
  });
});
