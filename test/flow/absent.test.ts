import { expect, test } from "vitest";
import { Failure } from "../../src/model/failure.ts";
import type { Address } from "../../src/model/kind.ts";
import type { Cluster, Selection } from "../../src/ports.ts";
import { withoutAbsent } from "../../src/flow/absent.ts";

const never = new AbortController().signal;
const configMap = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  resource: "configmaps",
  namespaced: true,
  verbs: ["list"],
  hasStatus: false,
};

function places(count: number, namespace: string, kind: Address["kind"] = configMap): readonly { place: Address }[] {
  return Array.from({ length: count }, (_, index) => ({ place: { kind, namespace, name: `settings-${index}` } }));
}

/** A cluster whose namespace `shop` holds `settings-3`, and whose namespace `locked` may not be listed. */
function cluster(): { readonly cluster: Cluster; readonly asked: Selection[] } {
  const asked: Selection[] = [];
  const list = async (_: unknown, selection: Selection): Promise<readonly unknown[]> => {
    asked.push(selection);
    if (selection.namespace === "locked") throw new Failure("cluster-forbidden", "may not list", { remedy: "ask" });
    return selection.namespace === "shop" ? [{ metadata: { name: "settings-3" } }] : [];
  };
  return { cluster: { list } as unknown as Cluster, asked };
}

test("of many objects in a namespace, one list of names tells which may be there", async () => {
  const { cluster: shop, asked } = cluster();
  const kept = await withoutAbsent(places(20, "shop"), shop, never);
  expect(kept.map(({ place }) => place.name)).toEqual(["settings-3"]);
  expect(asked).toEqual([{ metadataOnly: true, namespace: "shop" }]);
});

test("a few are not worth a list", async () => {
  const { cluster: shop, asked } = cluster();
  const few = places(3, "shop");
  expect(await withoutAbsent(few, shop, never)).toEqual(few);
  expect(asked).toEqual([]);
});

test("what may not be listed is never taken for absent", async () => {
  const { cluster: shop } = cluster();
  const locked = places(20, "locked");
  expect(await withoutAbsent(locked, shop, never)).toEqual(locked);
});

test("a kind that cannot be listed is read one by one", async () => {
  const { cluster: shop, asked } = cluster();
  const unlistable = places(20, "shop", { ...configMap, verbs: ["get"] });
  expect(await withoutAbsent(unlistable, shop, never)).toEqual(unlistable);
  expect(asked).toEqual([]);
});

test("what stays keeps its order", async () => {
  const { cluster: shop } = cluster();
  const mixed = [...places(10, "locked"), ...places(10, "shop"), ...places(2, "locked")];
  const kept = await withoutAbsent(mixed, shop, never);
  expect(kept).toEqual(mixed.filter(({ place }) => place.namespace === "locked" || place.name === "settings-3"));
});
