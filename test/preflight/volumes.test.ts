import { describe, expect, test } from "vitest";
import { formatRef, refKey } from "../../src/model/ref.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import {
  claimsToRead,
  deletedVolumes,
  NO_VOLUMES,
  volumesToRead,
  type LiveVolumes,
} from "../../src/preflight/volumes.ts";
import { yml } from "../support/yml.ts";
import { deleted, messages, planned, unchanged, updated, withSpec } from "./planning.ts";

function claim(name: string, volume = `pv-${name}`): KubeObject {
  return yml`
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: {name: ${name}, namespace: shop}
    spec: {volumeName: "${volume}"}
  `;
}

function volume(name: string, policy: string): KubeObject {
  return yml`
    apiVersion: v1
    kind: PersistentVolume
    metadata: {name: ${name}}
    spec: {persistentVolumeReclaimPolicy: ${policy}}
  `;
}

function read(...objects: readonly KubeObject[]): LiveVolumes {
  return {
    ...NO_VOLUMES,
    claims: new Map(
      objects.filter(({ kind }) => kind !== "PersistentVolume").map((object) => [refKey(refOf(object)), object]),
    ),
    volumes: new Map(objects.map((object) => [object.metadata.name, object])),
  };
}

describe("a claim that goes", () => {
  const gone = deleted(claim("data"));

  test("names the volume to read, and tells what it takes along", () => {
    expect(volumesToRead([gone], new Map()).map(formatRef)).toEqual(["PersistentVolume pv-data"]);
    expect(messages(deletedVolumes([gone], read(volume("pv-data", "Delete"))))).toEqual([
      "caution volume-deleted PersistentVolumeClaim shop/data: deletes volume pv-data with its content (reclaim policy Delete)",
    ]);
  });

  test("takes nothing along that is retained, was never bound, or is gone itself", () => {
    expect(deletedVolumes([gone], read(volume("pv-data", "Retain")))).toEqual([]);
    expect(deletedVolumes([gone], NO_VOLUMES)).toEqual([]);
    expect(volumesToRead([deleted(claim("data", ""))], new Map())).toEqual([]);
  });

  test("is a caution as well where the volume could not be read", () => {
    const unread = {
      ...NO_VOLUMES,
      unread: new Set([refKey({ group: "", kind: "PersistentVolume", name: "pv-data" })]),
    };
    expect(messages(deletedVolumes([gone], unread))).toEqual([
      "caution volume-deleted PersistentVolumeClaim shop/data: may delete volume pv-data: its reclaim policy could not be read",
    ]);
  });

  test("leaves a volume that this change sets to Retain before", () => {
    const retained = updated(volume("pv-data", "Delete"), volume("pv-data", "Retain"));
    expect(deletedVolumes([gone, retained], NO_VOLUMES)).toEqual([]);
  });

  test("is no loss when it stays", () => {
    expect(
      deletedVolumes(
        [unchanged(claim("data")), planned("keep", { live: claim("data") })],
        read(volume("pv-data", "Delete")),
      ),
    ).toEqual([]);
  });
});

describe("a StatefulSet", () => {
  const set = yml`
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: pg, namespace: shop}
    spec:
      replicas: 2
      volumeClaimTemplates: [{metadata: {name: data}}]
      persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Delete}
  `;
  const world = read(
    claim("data-pg-0"),
    claim("data-pg-1"),
    volume("pv-data-pg-0", "Delete"),
    volume("pv-data-pg-1", "Delete"),
  );

  test("takes the claims of its pods along when it says so", () => {
    expect(claimsToRead([deleted(set)]).map(formatRef)).toEqual([
      "PersistentVolumeClaim shop/data-pg-0",
      "PersistentVolumeClaim shop/data-pg-1",
    ]);
    expect(volumesToRead([deleted(set)], world.claims).map(formatRef)).toEqual([
      "PersistentVolume pv-data-pg-0",
      "PersistentVolume pv-data-pg-1",
    ]);
    expect(messages(deletedVolumes([deleted(set)], world))).toEqual([
      "caution volume-deleted apps/StatefulSet shop/pg: with it goes PersistentVolumeClaim shop/data-pg-0, which deletes volume pv-data-pg-0 with its content (reclaim policy Delete)",
      "caution volume-deleted apps/StatefulSet shop/pg: with it goes PersistentVolumeClaim shop/data-pg-1, which deletes volume pv-data-pg-1 with its content (reclaim policy Delete)",
    ]);
  });

  test("takes some along when it shrinks", () => {
    expect(claimsToRead([updated(set, withSpec(set, { replicas: 1 }))]).map(formatRef)).toEqual([
      "PersistentVolumeClaim shop/data-pg-1",
    ]);
    expect(claimsToRead([updated(set, withSpec(set, { replicas: 5 }))])).toEqual([]);
  });

  test("leaves them by default", () => {
    expect(claimsToRead([deleted(withSpec(set, { persistentVolumeClaimRetentionPolicy: undefined }))])).toEqual([]);
  });
});

test("a volume that goes itself", () => {
  expect(
    messages(deletedVolumes([deleted(volume("pv", "Delete")), deleted(volume("kept", "Retain"))], NO_VOLUMES)),
  ).toEqual([
    "caution volume-deleted PersistentVolume pv: deletes the volume with its content (reclaim policy Delete)",
  ]);
});
