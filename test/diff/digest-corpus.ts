import { attributedFields, createdFields } from "../../src/diff/attribute.ts";
import {
  hideWith,
  intentDigest,
  planDigest,
  renderedDigest,
  runDigest,
  type DigestedChange,
} from "../../src/diff/digest.ts";
import { prepare } from "../../src/manifest/normalize.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import { refKey } from "../../src/model/ref.ts";

// A small state of everything that digests speak of: Git before and after, and a cluster that has drifted. What the tests
// vary is how it is written down and what the server notes beside it.

export const BASE = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web, team: größe}}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - {name: web, image: "web:1", ports: [{containerPort: 80}], env: [{name: A, value: "1"}, {name: B, value: $(A)}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {limit: "9007199254740993", İstanbul: "1", istanbul: "2", file: "a\\r\\nb\\n"}
---
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop}
stringData: {password: of-base-1234}
---
apiVersion: acme.example/v1
kind: Bucket
metadata: {name: pictures}
spec: {size: 9223372036854775807, ratio: 0.1, small: 1e-7, wide: 1e21}
`;

export const HEAD = BASE.replace("web:1", "web:2")
  .replace("of-base-1234", "of-head-5678")
  .replace("9223372036854775807", "9223372036854775806")
  .replace('{name: A, value: "1"}, {name: B, value: $(A)}', '{name: B, value: $(A)}, {name: A, value: "1"}')
  .replace("{name: pictures}", "{name: paintings}");

export const LIVE = BASE.replace("replicas: 3", "replicas: 5").replace("of-base-1234", "of-somebody-9");

/** The objects of a text as they are sent. */
export function objectsOf(text: string): readonly KubeObject[] {
  return parseManifests(text, "app.yaml").objects.map(({ object }) => prepare(object));
}

export interface State {
  readonly base: readonly KubeObject[];
  readonly head: readonly KubeObject[];
  readonly live: readonly KubeObject[];
}

export const STATE: State = { base: objectsOf(BASE), head: objectsOf(HEAD), live: objectsOf(LIVE) };
export const PLACE = { cluster: "6f1d0c9a-0000-4000-8000-000000000001", renderer: "kustomize v5.8.1" };

export interface Digests {
  readonly rendered: string;
  readonly digest: string;
  readonly intent: string;
  readonly run: string;
}

/** What the digests of a state are, with the key or without. */
export function digestsOf(state: State, key: string | undefined, place = PLACE): Digests {
  const hide = hideWith(key === undefined ? undefined : Buffer.from(key));
  const rendered = renderedDigest(state.head, place, hide);
  const digest = planDigest(rendered, changesOf(state), hide);
  const targets = [
    { target: { environment: "test", app: "b" }, digest },
    { target: { environment: "test", app: "a" }, digest: rendered },
  ];
  return { rendered, digest, intent: intentDigest(state.base, state.head, hide), run: runDigest(targets) ?? "" };
}

function changesOf({ base, head, live }: State): readonly DigestedChange[] {
  const [before, now] = [base, live].map(
    (objects) => new Map(objects.map((object) => [refKey(refOf(object)), object])),
  );
  const written = head.map((object): DigestedChange => {
    const key = refKey(refOf(object));
    const [baseObject, liveObject] = [before?.get(key), now?.get(key)];
    if (liveObject === undefined) return { op: "create", ref: refOf(object), fields: createdFields(object) };
    const sides = {
      ...(baseObject && { base: baseObject, predictedBase: baseObject }),
      head: object,
      live: liveObject,
    };
    return { op: "update", ref: refOf(object), fields: attributedFields({ ...sides, predictedHead: object }) };
  });
  const wanted = new Set(head.map((object) => refKey(refOf(object))));
  const gone = live.filter((object) => !wanted.has(refKey(refOf(object))));
  return [...written, ...gone.map((object): DigestedChange => ({ op: "delete", ref: refOf(object), fields: [] }))];
}
