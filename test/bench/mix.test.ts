import { expect, test } from "vitest";
import { parseManifests } from "../../src/manifest/parse.ts";
import { manifestText } from "./manifest-text.ts";
import { changedIn, COLLECTIONS, objectsOf } from "./mix.ts";

test("the manifests of a mix are read as its objects", () => {
  const objects = objectsOf({ size: 40, prefix: "shop", version: 3 });
  const { objects: read, problems } = parseManifests(objects.map(manifestText).join("---\n"), "mix.yaml");
  expect(problems).toEqual([]);
  expect(read.map(({ object }) => object)).toEqual(objects);
});

test("another version changes one of a hundred objects, of all kinds in turn", () => {
  const [before, after] = [1, 2].map((version) => objectsOf({ size: 1000, prefix: "shop", version }));
  const changed = after!.filter((object, index) => JSON.stringify(object) !== JSON.stringify(before![index]));
  expect(changed).toHaveLength(changedIn(1000));
  expect(changed).toHaveLength(10);
  expect(new Set(changed.map(({ kind }) => kind))).toEqual(new Set(COLLECTIONS.map(({ kind }) => kind)));
});

test("a mix is three tenths Deployments and ConfigMaps each, two Services, a tenth of the others", () => {
  const kinds = objectsOf({ size: 100, prefix: "shop", version: 0 }).map(({ kind }) => kind);
  const counts = Object.fromEntries(COLLECTIONS.map(({ kind }) => [kind, kinds.filter((one) => one === kind).length]));
  expect(counts).toEqual({ Deployment: 30, Service: 20, ConfigMap: 30, ServiceAccount: 10, Ingress: 10 });
});
