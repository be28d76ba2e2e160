import { describe, expect, test } from "vitest";
import { restartsOf, type Restarts } from "../../src/preflight/restarts.ts";
import { staleReaders } from "../../src/preflight/stale-readers.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";
import { created, deleted, planned, unchanged, updated, withSpec } from "./planning.ts";

const WEB = yml`
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec:
    replicas: 3
    strategy: {type: RollingUpdate}
    template:
      metadata: {labels: {app: web}, creationTimestamp: null}
      spec: {containers: [{name: web, image: "web:1"}]}
`;
const DB = {
  ...withSpec(WEB, { strategy: undefined, updateStrategy: { type: "RollingUpdate" } }),
  kind: "StatefulSet",
};
const AGENT = {
  ...withSpec(WEB, { replicas: undefined, strategy: undefined }),
  kind: "DaemonSet",
  status: { desiredNumberScheduled: 12 },
};

function withImage(object: KubeObject, image: string): KubeObject {
  return withSpec(object, {
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } },
  });
}

/** The restarts when the image changes, and whatever else of the spec. */
function onImage(object: KubeObject, spec: Readonly<Record<string, unknown>> = {}): Restarts {
  return restartsOf(updated(object, withImage(withSpec(object, spec), "web:2")));
}

describe("a changed pod template", () => {
  test("restarts the pods that are live, not those that are wanted", () => {
    expect(onImage(WEB, { replicas: 10 })).toEqual({ restarts: 3, notes: [] });
    expect(onImage(DB)).toEqual({ restarts: 3, notes: [] });
    expect(onImage(AGENT)).toEqual({ restarts: 12, notes: [] });
  });

  test.each([
    [
      "Recreate",
      WEB,
      { strategy: { type: "Recreate" } },
      3,
      "stops all of them before it starts the new ones (Recreate)",
    ],
    [
      "OnDelete",
      DB,
      { updateStrategy: { type: "OnDelete" } },
      undefined,
      "running pods stay as they are: they are replaced when somebody deletes them (OnDelete)",
    ],
    [
      "OnDelete on every node",
      AGENT,
      { updateStrategy: { type: "OnDelete" } },
      undefined,
      "running pods stay as they are: they are replaced when somebody deletes them (OnDelete)",
    ],
    ["paused", WEB, { paused: true }, undefined, "running pods stay as they are: it is paused"],
    [
      "a partition",
      DB,
      { updateStrategy: { rollingUpdate: { partition: 2 } } },
      1,
      "its 2 pods below partition 2 stay as they are",
    ],
    [
      "a partition above all",
      DB,
      { updateStrategy: { rollingUpdate: { partition: 3 } } },
      undefined,
      "running pods stay as they are: all are below partition 3",
    ],
    ["scaled to zero", WEB, { replicas: 0 }, undefined, "stops its 3 pods"],
  ])("%s", (_, object, spec, restarts, note) => {
    expect(onImage(object, spec)).toEqual({ ...(restarts !== undefined && { restarts }), notes: [note] });
  });

  test("restarts nothing where nothing runs, and is none without a change of the template", () => {
    expect(onImage(withSpec(WEB, { replicas: 0 }))).toEqual({ notes: [] });
    expect(restartsOf(updated(WEB, withSpec(WEB, { replicas: 5 })))).toEqual({ notes: [] });
    expect(restartsOf(updated(WEB, withImage(WEB, "web:1")))).toEqual({ notes: [] });
    expect(restartsOf(created(WEB))).toEqual({ notes: [] });
  });

  test("is no matter of kinds that never replace pods, or of other groups", () => {
    const replicas = { ...WEB, kind: "ReplicaSet" };
    expect(onImage(replicas).notes).toEqual(["running pods stay as they are: it never replaces pods"]);
    expect(onImage({ ...WEB, apiVersion: "acme.io/v1" })).toEqual({ notes: [] });
  });

  test("without a live object restarts pods of unknown number", () => {
    expect(restartsOf(planned("update", { base: WEB, head: withImage(WEB, "web:2") })).notes).toEqual([
      "restarts its pods",
    ]);
  });
});

test("a workload that is made anew or goes stops its pods", () => {
  expect(restartsOf(planned("replace", { live: WEB, head: WEB }))).toEqual({
    restarts: 3,
    notes: ["all of them at once"],
  });
  expect(restartsOf(deleted(withSpec(WEB, { replicas: 1 }))).notes).toEqual(["stops its pod"]);
  expect(restartsOf(deleted(withSpec(WEB, { replicas: 0 }))).notes).toEqual([]);
});

describe("a changed ConfigMap or Secret", () => {
  const OLD = yml`
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: web, namespace: shop}
    data: {LEVEL: info}
  `;
  const changed = updated(OLD, { ...OLD, data: { LEVEL: "debug" } });
  const NOTE = "running pods of apps/Deployment shop/web keep the old values until they restart";

  function reader(spec: string, annotations = "{}"): KubeObject {
    return yml`
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop, annotations: ${annotations}}
      spec: {template: {spec: ${spec}}}
    `;
  }

  test.each([
    ["{containers: [{name: a, envFrom: [{configMapRef: {name: web}}]}]}", NOTE],
    ["{initContainers: [{name: a, env: [{name: L, valueFrom: {configMapKeyRef: {name: web, key: LEVEL}}}]}]}", NOTE],
    [
      "{containers: [{name: a, volumeMounts: [{name: v, subPath: x}]}], volumes: [{name: v, configMap: {name: web}}]}",
      NOTE,
    ],
    ["{containers: [{name: a, volumeMounts: [{name: v}]}], volumes: [{name: v, configMap: {name: web}}]}", undefined],
    ["{containers: [{name: a, envFrom: [{configMapRef: {name: other}}]}]}", undefined],
    ["{containers: [{name: a, envFrom: [{secretRef: {name: web}}]}]}", undefined],
  ])("read by %s", (spec, note) => {
    expect([...staleReaders([changed, unchanged(reader(spec))]).values()]).toEqual(note === undefined ? [] : [note]);
  });

  const SPEC = "{containers: [{name: a, envFrom: [{configMapRef: {name: web}}]}]}";

  test("is no news where the reader restarts anyhow, elsewhere, or by a controller of its own", () => {
    const live = reader(SPEC);
    const again = updated(live, withSpec(live, { template: { spec: { containers: [{ name: "a", image: "a:2" }] } } }));
    const elsewhere = { ...live, metadata: { ...live.metadata, namespace: "other" } };
    const reloaded = reader(SPEC, `{reloader.stakater.com/auto: "true"}`);
    for (const workload of [again, unchanged(elsewhere), unchanged(reloaded), created(live), deleted(live)])
      expect([...staleReaders([changed, workload])]).toEqual([]);
  });

  test("is one whose content changes, not its labels", () => {
    const labelled = updated(OLD, { ...OLD, metadata: { ...OLD.metadata, labels: { a: "b" } } });
    expect([...staleReaders([labelled, unchanged(reader(SPEC))])]).toEqual([]);
  });
});
