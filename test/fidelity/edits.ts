import { isMap, type Json, type JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import type { Case, EditName } from "./case.ts";
import { MUTATIONS, type MutationName } from "./mutations.ts";
import type { RawAnswer } from "./raw-api.ts";
import type { Recipe } from "./recipe.ts";
import { fileOf, type ForeignRequest, type Stage } from "./stage.ts";
import { withValue } from "./tree.ts";

/** What somebody else does to a live object; `false` where the server would not have it. */
export interface Edit {
  readonly fits: (recipe: Recipe) => boolean;
  readonly perform: (one: Case, live: KubeObject, stage: Stage) => Promise<boolean>;
}

/** Everybody who may have written between our last apply and this change, as the server records them. */
export const EDITS: Readonly<Record<EditName, Edit>> = {
  none: { fits: () => true, perform: async () => true },
  "kubectl edit": { fits: () => true, perform: edit },
  "kubectl label": {
    fits: () => true,
    perform: (one, live, stage) =>
      merged(stage, live, "kubectl-label", {
        metadata: { labels: one.random.pick([{ team: "night" }, { seen: "yes" }, { "app.kubernetes.io/name": null }]) },
      }),
  },
  "kubectl annotate": {
    fits: () => true,
    perform: (one, live, stage) =>
      merged(stage, live, "kubectl-annotate", {
        metadata: { annotations: one.random.pick([{ note: "by hand" }, { "example.com/description": "by hand" }]) },
      }),
  },
  "a second applier": { fits: () => true, perform: applyBeside },
  "a status writer": {
    fits: ({ status }) => status !== undefined,
    perform: (one, live, stage) =>
      merged(stage, live, "kube-controller-manager", { status: one.recipe.status ?? {} }, "/status"),
  },
  "kubectl scale": {
    fits: ({ scales }) => scales === true,
    perform: (one, live, stage) =>
      merged(stage, live, "kubectl", { spec: { replicas: one.random.pick([0, 4, 7]) } }, "/scale"),
  },
  "kubectl set env": { fits: hasTemplate, perform: setEnvironment },
  "kubectl rollout restart": {
    fits: hasTemplate,
    perform: (_one, live, stage) =>
      merged(stage, live, "kubectl-rollout", {
        spec: {
          template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" } } },
        },
      }),
  },
  "kubectl apply": { fits: () => true, perform: applyByHand },
};

function hasTemplate({ kind }: Recipe): boolean {
  return ["Deployment", "StatefulSet", "DaemonSet"].includes(kind);
}

async function merged(stage: Stage, live: KubeObject, manager: string, value: Json, path = ""): Promise<boolean> {
  return isDone(await stage.send(live, { method: "PATCH", path, manager, body: { type: "merge-patch+json", value } }));
}

// An editor tries until the server takes what was typed.
const MOST_TRIES = 8;
const TYPED: readonly MutationName[] = [
  "change a value",
  "take over a part",
  "add a field",
  "remove an optional part",
  "drop an item",
  "append an item",
];

async function edit(one: Case, live: KubeObject, stage: Stage): Promise<boolean> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const name = one.random.pick(TYPED);
    const { managedFields: _managedFields, ...metadata } = live.metadata;
    const typed = MUTATIONS[name]({
      before: { ...live, metadata },
      donor: one.donor,
      recipe: one.recipe,
      random: one.random,
    });
    if (typed === undefined) continue;
    const request: ForeignRequest = { method: "PUT", manager: "kubectl-edit", body: { type: "json", value: typed } };
    const answer = await stage.send(live, request);
    const { resourceVersion } = (answer.json["metadata"] ?? {}) as JsonMap;
    if (isDone(answer) && resourceVersion !== live.metadata.resourceVersion) return true;
  }
  return false;
}

/** Another server-side applier that wants a part of the object to be its own way. */
async function applyBeside(one: Case, live: KubeObject, stage: Stage): Promise<boolean> {
  const { apiVersion, kind } = live;
  const { name, namespace } = live.metadata;
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: { "example.com/second": "here", team: "second" },
  };
  const base: KubeObject = { apiVersion, kind, metadata };
  for (const value of [withPart(one, base), base]) {
    const body = { type: "apply-patch+yaml", value };
    if (isDone(await stage.send(live, { method: "PATCH", manager: "second-operator", body }))) return true;
  }
  return false;
}

function withPart({ donor, random }: Case, base: KubeObject): KubeObject {
  const spec = donor["spec"];
  if (isMap(spec) && Object.keys(spec).length > 0) {
    const key = random.pick(Object.keys(spec));
    return withValue(base, ["spec", key], spec[key]);
  }
  const keys = Object.keys(donor).filter((key) => !["apiVersion", "kind", "metadata", "spec"].includes(key));
  if (keys.length === 0) return base;
  const key = random.pick(keys);
  return withValue(base, [key], donor[key]);
}

async function setEnvironment(one: Case, live: KubeObject, { kubectl }: Stage): Promise<boolean> {
  const { name, namespace = "" } = live.metadata;
  const setting = one.random.pick(["LOG_LEVEL=debug", "ADDED=yes", "REGION-"]);
  const { code } = await kubectl(["-n", namespace, "set", "env", `${live.kind.toLowerCase()}/${name}`, setting]);
  return code === 0;
}

/** Somebody applies another state of the object from their own machine, client side. */
async function applyByHand(one: Case, _live: KubeObject, { kubectl }: Stage): Promise<boolean> {
  const { code } = await kubectl(["apply", "-f", "-"], { input: fileOf([one.donor]) });
  return code === 0;
}

function isDone({ status }: RawAnswer): boolean {
  return status === 200 || status === 201;
}

/** Brings the object into the cluster as another tool would have; an error says why the server would not have it. */
export async function startAs(one: Case, stage: Stage): Promise<string | undefined> {
  switch (one.start) {
    case "ours":
      return undefined;
    case "kubectl apply": {
      const { code, errors } = await stage.kubectl(["apply", "-f", "-"], { input: fileOf([one.before]) });
      return code === 0 ? undefined : errors;
    }
    case "helm":
      return told(
        await stage.send(one.before, {
          method: "POST",
          manager: "helm",
          body: { type: "json", value: byHelm(one.before) },
        }),
      );
    case "flux":
      return told(
        await applied(stage, one.before, "kustomize-controller", "kustomize.toolkit.fluxcd.io/name", "labels"),
      );
    case "argo cd":
      return told(
        await applied(stage, one.before, "argocd-controller", "argocd.argoproj.io/tracking-id", "annotations"),
      );
  }
}

function byHelm(object: KubeObject): KubeObject {
  const release = { "meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "shop" };
  const { annotations, labels } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { ...annotations, ...release },
      labels: { ...labels, "app.kubernetes.io/managed-by": "Helm" },
    },
  };
}

function applied(stage: Stage, object: KubeObject, manager: string, mark: string, field: "labels" | "annotations") {
  const value = withValue(object, ["metadata", field, mark], "shop");
  return stage.send(object, { method: "PATCH", manager, body: { type: "apply-patch+yaml", value } });
}

function told({ status, message }: RawAnswer): string | undefined {
  return status === 200 || status === 201 ? undefined : message;
}
