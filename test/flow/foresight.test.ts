import { expect, test } from "vitest";
import type { ClusterAccess } from "../../src/ports.ts";
import { askAhead, foresee } from "../../src/flow/foresight.ts";

const target = { environment: "test", app: "shop" };
const never = new AbortController().signal;
const configMaps = { group: "", version: "v1", kind: "ConfigMap", resource: "configmaps" };

/** A cluster that answers with how often it was asked, and writes down what. */
function countingCluster(refused: readonly string[] = []): {
  readonly access: ClusterAccess;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const answer = (question: string, value: unknown = asked.length): Promise<never> => {
    asked.push(question);
    return refused.includes(question) ? Promise.reject(new Error(`no ${question}`)) : Promise.resolve(value as never);
  };
  const kinds = { served: [{ ...configMaps, namespaced: true, verbs: ["list"], hasStatus: false }], unavailable: [] };
  const cluster = {
    kinds: () => answer("kinds", kinds),
    identify: () => answer("identity", { uid: "1", version: "v1.37.0" }),
    list: ({ resource }: { readonly resource: string }) => answer(`list ${resource}`, []),
    mayI: () => answer("mayI", true),
    apply: () => answer("apply"),
    get requests() {
      return asked.length;
    },
  };
  const inventory = { kinds: [{ group: "", kind: "ConfigMap" }], namespaces: [] };
  const access = {
    cluster,
    inventories: { read: () => answer("inventory", inventory) },
    keys: { read: () => answer("key", undefined) },
    setId: () => "a set",
  } as unknown as ClusterAccess;
  return { access, asked };
}

test("what was asked ahead is not asked again by the look, and once more by whoever looks after that", async () => {
  const { access, asked } = countingCluster();
  const foresight = foresee(access);
  await askAhead(foresight, { target }, never);
  expect(asked.toSorted()).toEqual(["identity", "inventory", "key", "kinds", "list configmaps", "mayI"]);

  const { cluster, inventories } = foresight.later;
  const kinds = await cluster.kinds(never);
  await cluster.list(kinds.served[0]!, { label: "applyset.kubernetes.io/part-of=a set" }, never);
  await inventories.read(target, never);
  expect(cluster.requests).toBe(6);

  await inventories.read(target, never);
  expect(asked.slice(6)).toEqual(["inventory"]);
});

test("what was asked in earnest is not asked ahead any more, whoever was faster", async () => {
  const { access, asked } = countingCluster();
  const foresight = foresee(access);
  const kinds = await foresight.later.cluster.kinds(never);
  await foresight.later.cluster.list(kinds.served[0]!, { label: "applyset.kubernetes.io/part-of=a set" }, never);
  await askAhead(foresight, { target }, never);
  expect(asked.filter((question) => question === "kinds" || question === "list configmaps")).toHaveLength(2);
});

test("another selection of the same kind is another question", async () => {
  const { access, asked } = countingCluster();
  const foresight = foresee(access);
  await askAhead(foresight, { target }, never);
  const { served } = await foresight.later.cluster.kinds(never);
  await foresight.later.cluster.list(served[0]!, {}, never);
  expect(asked.slice(6)).toEqual(["list configmaps"]);
});

test("what failed ahead is told to whoever needs it, and to nobody else", async () => {
  const { access } = countingCluster(["inventory"]);
  const foresight = foresee(access);
  await askAhead(foresight, { target }, never);
  await expect(foresight.later.inventories.read(target, never)).rejects.toThrow("no inventory");
});

test("writes are never foreseen", async () => {
  const { access, asked } = countingCluster();
  const { early, later } = foresee(access);
  const write = [{} as never, {} as never, { dryRun: true }, never] as const;
  await early.cluster.apply(...write);
  await later.cluster.apply(...write);
  expect(asked).toEqual(["apply", "apply"]);
});
