import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hideWith, intentDigest, planDigest, renderedDigest, runDigest } from "../../src/diff/digest.ts";
import { isList, isMap, type Json } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";
import { BASE, digestsOf, HEAD, LIVE, objectsOf, PLACE, STATE, type Digests, type State } from "./digest-corpus.ts";

const NO_KEY = hideWith(undefined);
const KEY = "a random key";
const GOLDEN = fileURLToPath(new URL("golden/digests.json", import.meta.url));
const PROGRAM = fileURLToPath(new URL("digest-program.ts", import.meta.url));

async function computedIn(env: Readonly<Record<string, string>>, cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", PROGRAM], {
    env,
    cwd,
  });
  return stdout;
}

/** The same value, the keys of its maps in another order. */
function reordered(value: Json, random: () => number): Json {
  if (isList(value)) return value.map((item) => reordered(item, random));
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => ({ key, member, at: random() }));
  const sorted = entries.toSorted((a, b) => a.at - b.at);
  return Object.fromEntries(sorted.map(({ key, member }) => [key, reordered(member as Json, random)]));
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** What the server notes of an object beside what people declare. */
function noted(object: KubeObject, random: () => number): KubeObject {
  const text = (): string => String(random());
  const labels = { ...object.metadata.labels, "applyset.kubernetes.io/part-of": text() };
  const annotations = { ...object.metadata.annotations, "kubectl.kubernetes.io/last-applied-configuration": text() };
  const claim = { manager: text(), operation: "Apply", apiVersion: "v1", time: text(), fieldsV1: {} };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels,
      annotations,
      uid: text(),
      resourceVersion: text(),
      generation: random(),
      creationTimestamp: text(),
      managedFields: [claim],
    },
  };
}

const anyRandom = fc.infiniteStream(fc.nat()).map((stream) => () => stream.next().value as number);

describe("digests are the same", () => {
  test.each([
    ["now and in every later release", {}, "/"],
    ["in Kiribati, in Turkish", { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" }, "/tmp"],
    ["in the posix locale, west of Greenwich", { TZ: "America/St_Johns", LC_ALL: "C" }, import.meta.dirname],
  ])("%s", async (_, env, cwd) => {
    await expect(await computedIn({ PATH: "/usr/bin:/bin", ...env }, cwd)).toMatchFileSnapshot(GOLDEN);
  });

  test("whatever the order of keys and documents, and in however many files they are", () => {
    const variant = (text: string, random: () => number): readonly KubeObject[] =>
      shuffled(text.split("---\n"), random)
        .flatMap((document) => objectsOf(document))
        .map((object) => reordered(object, random) as KubeObject);
    fc.assert(
      fc.property(anyRandom, (random) => {
        const state = { base: variant(BASE, random), head: variant(HEAD, random), live: variant(LIVE, random) };
        expect(digestsOf(state, KEY)).toEqual(digestsOf(STATE, KEY));
      }),
    );
  });

  test("whatever the server notes beside what is declared: uids, versions, times, claims, our label, kubectl's copy", () => {
    fc.assert(
      fc.property(anyRandom, (random) => {
        const live = STATE.live.map((object) => noted(object, random));
        const head = STATE.head.map((object) => noted(object, random));
        expect(digestsOf({ ...STATE, head, live }, KEY)).toEqual(digestsOf(STATE, KEY));
      }),
    );
  });

  test("in whichever order changes and targets come", () => {
    const changes = ["a", "b", "c", "d"].map((name) => ({
      op: "update" as const,
      ref: { group: "", kind: "ConfigMap", namespace: "shop", name },
      fields: [{ path: ["data", "k"], before: "1", after: name }],
    }));
    const targets = changes.map(({ ref }) => ({ target: { environment: "e", app: ref.name }, digest: ref.name }));
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
        const inOrder = <Item>(items: readonly Item[]): readonly Item[] => order.map((at) => items[at]!);
        expect(planDigest("sha256:0", inOrder(changes), NO_KEY)).toBe(planDigest("sha256:0", changes, NO_KEY));
        expect(runDigest(inOrder(targets))).toBe(runDigest(targets));
      }),
    );
  });
});

describe("of what is changed", () => {
  const changed = (key: keyof State, from: string, to: string): State => {
    const texts = { base: BASE, head: HEAD, live: LIVE };
    expect(texts[key]).toContain(from);
    return { ...STATE, [key]: objectsOf(texts[key].replace(from, to)) };
  };
  const differing = (state: State, { key }: { readonly key: string | undefined } = { key: KEY }): readonly string[] => {
    const [now, then] = [digestsOf(state, key), digestsOf(STATE, key)];
    return (["rendered", "digest", "intent"] as const).filter((name: keyof Digests) => now[name] !== then[name]);
  };

  test.each<[string, keyof State, string, string, readonly string[]]>([
    ["a desired value", "head", "web:2", "web:3", ["rendered", "digest", "intent"]],
    ["a type", "head", 'limit: "9007199254740993"', "limit: 9007199254740993", ["rendered", "digest", "intent"]],
    [
      "the last digit of an int64",
      "head",
      "9223372036854775806",
      "9223372036854775805",
      ["rendered", "digest", "intent"],
    ],
    ["a line end", "head", "a\\r\\nb", "a\\nb", ["rendered", "digest", "intent"]],
    [
      "the order of variables",
      "head",
      '{name: B, value: $(A)}, {name: A, value: "1"}',
      '{name: A, value: "1"}, {name: B, value: $(A)}',
      ["rendered", "digest", "intent"],
    ],
    ["a name", "head", "name: settings", "name: setting", ["rendered", "digest", "intent"]],
    [
      "a namespace",
      "head",
      "{name: settings, namespace: shop}",
      "{name: settings, namespace: shop2}",
      ["rendered", "digest", "intent"],
    ],
    ["a kind", "head", "kind: Bucket", "kind: Pail", ["rendered", "digest", "intent"]],
    ["a group", "head", "acme.example/v1", "acme.test/v1", ["rendered", "digest", "intent"]],
    ["a version", "head", "acme.example/v1", "acme.example/v2", ["rendered", "digest", "intent"]],
    ["an object that is left out", "head", "kind: ConfigMap", "kind: ConfigMop", ["rendered", "digest", "intent"]],
    ["a secret value", "head", "of-head-5678", "of-head-5679", ["rendered", "digest", "intent"]],
    ["a value of the old state", "base", "web:1", "web:0", []],
    ["a value that both states have", "base", 'limit: "9007199254740993"', 'limit: "1"', ["intent"]],
    ["a live value", "live", "web:1", "web:0", ["digest"]],
    ["a live value that Git has and changes back", "live", "replicas: 5", "replicas: 6", ["digest"]],
    ["a live secret value", "live", "of-somebody-9", "of-somebody-8", ["digest"]],
    ["a live object that is missing", "live", "name: settings", "name: other", ["digest"]],
  ])("%s", (_, key, from, to, names) => {
    expect(differing(changed(key, from, to))).toEqual(names);
  });

  test("secret values cannot be known without a key, but which there are can", () => {
    expect(differing(changed("head", "of-head-5678", "of-head-5679"), { key: undefined })).toEqual([]);
    expect(differing(changed("live", "of-somebody-9", "of-somebody-8"), { key: undefined })).toEqual([]);
    expect(
      differing(changed("head", "{password: of-head-5678}", "{passwort: of-head-5678}"), { key: undefined }),
    ).toEqual(["rendered", "digest", "intent"]);
  });

  test("a key, a cluster and a renderer make others of all that speak of them", () => {
    const names = (digests: Digests): readonly string[] =>
      (["rendered", "digest", "intent"] as const).filter((name) => digests[name] !== digestsOf(STATE, KEY)[name]);
    expect(names(digestsOf(STATE, "another key"))).toEqual(["rendered", "digest", "intent"]);
    expect(names(digestsOf(STATE, KEY, { ...PLACE, cluster: "another" }))).toEqual(["rendered", "digest"]);
    expect(names(digestsOf(STATE, KEY, { ...PLACE, renderer: "kustomize v5.9.0" }))).toEqual(["rendered", "digest"]);
  });

  test("any one part of a change", () => {
    const ref = { group: "", kind: "ConfigMap", namespace: "shop", name: "a" };
    const change = { op: "update" as const, ref, fields: [{ path: ["data", "k"], before: "1", after: "2" }] };
    const digests = [
      change,
      { ...change, op: "replace" as const },
      { ...change, ref: { ...ref, name: "b" } },
      { ...change, fields: [] },
      { ...change, fields: [{ path: ["data", "l"], before: "1", after: "2" }] },
      { ...change, fields: [{ path: ["data", "k"], before: "0", after: "2" }] },
      { ...change, fields: [{ path: ["data", "k"], after: "2" }] },
      { ...change, fields: [{ path: ["data", "k"], before: "1" }] },
      { ...change, fields: [{ path: ["data", "k"], before: "1", after: 2 }] },
      { ...change, fields: [{ path: ["data", "k"], before: "1", after: null }] },
      { ...change, fields: [{ path: ["data", "k"], before: [], after: "2" }] },
    ].map((one) => planDigest("sha256:0", [one], NO_KEY));
    expect(new Set(digests).size).toBe(digests.length);
    expect(planDigest("sha256:1", [change], NO_KEY)).not.toBe(digests[0]);
  });
});

describe("a secret value", () => {
  const secret = (value: string): ReturnType<typeof yml> => yml`
    apiVersion: v1
    kind: Secret
    metadata: {name: s, namespace: shop, annotations: {kapp.k14s.io/original: "${value}"}}
    data: {k: "${value}"}
    Data: {k: "${value}"}`;

  test("enters nothing as it is, wherever the Secret holds it", () => {
    const one = [renderedDigest([secret("YQ==")], PLACE, NO_KEY), intentDigest([], [secret("YQ==")], NO_KEY)];
    const other = [renderedDigest([secret("Yg==")], PLACE, NO_KEY), intentDigest([], [secret("Yg==")], NO_KEY)];
    expect(one).toEqual(other);
  });

  test("tells nothing of where else it stands: each key of a target gives another hash", () => {
    const hash = (key: string): string => hideWith(Buffer.from(key))('"YQ=="');
    expect(hash("one")).not.toBe(hash("two"));
    expect(NO_KEY("one")).toBe(NO_KEY("two"));
  });
});

test("a run has a digest only when each of its targets has one", () => {
  const target = { environment: "test", app: "a" };
  expect(runDigest([{ target, digest: "sha256:0" }])).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(runDigest([{ target, digest: "sha256:0" }, { target: { environment: "test", app: "b" } }])).toBeUndefined();
  expect(runDigest([])).toBeUndefined();
});
