import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { proveInSync, type Proof } from "../../src/diff/prover.ts";
import { serverForm } from "../../src/diff/server-form.ts";
import { createCluster } from "../../src/kube/cluster.ts";
import { objectEndpoint, withQuery } from "../../src/kube/endpoint.ts";
import type { Transport } from "../../src/kube/transport.ts";
import { prepare } from "../../src/manifest/normalize.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { isList, isMap, sameJson, type Json } from "../../src/model/json.ts";
import { addressOf, apiVersionOf, findKind, type Address, type Kinds } from "../../src/model/kind.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import { jsonPointer } from "../../src/model/json-patch.ts";
import { FIELD_MANAGER } from "../../src/model/ownership-marks.ts";
import { formatPath, valueAt, type Path } from "../../src/model/path.ts";
import { formatRef } from "../../src/model/ref.ts";
import type { Cluster } from "../../src/ports.ts";
import { systemClock } from "../../src/system/clock.ts";
import { freshNamespace } from "../cluster/cluster.ts";
import { adminTransport } from "../kube/real-transport.ts";
import { mutations } from "./mutations.ts";

const signal = new AbortController().signal;
const AT_ONCE = 16;
/** Everything instead of a seeded sample: some minutes. */
const IS_FULL = process.env["PROVER_FULL"] === "1";
const PLACES_PER_OBJECT = IS_FULL ? 12 : 1;
const EDITED_SHARE = IS_FULL ? 1 : 3;

test("what was applied proves itself, and the server agrees with every proof", async () => {
  const stage = await applyCorpus();
  const trials = await inParallel(stage.pieces, (piece) => examine(stage, piece, "as it is"));
  const proven = trials.filter(({ proof }) => proof.proven).length;
  const kinds = new Set(stage.pieces.map(({ sent }) => sent.kind)).size;
  report(`${stage.pieces.length} objects of ${kinds} kinds: ${proven} proven`, trials);
  expect(wrongOf(trials)).toEqual([]);
  expect(proven).toBeGreaterThanOrEqual(65);
}, 120_000);

test("what is proven of a changed object changes nothing on the server", async () => {
  const stage = await applyCorpus();
  let mutants = 0;
  const trials = await inParallel(stage.pieces, async (piece) => {
    const live = await read(stage, piece);
    const changed = [...mutations(piece.sent), ...retypes(piece.sent)];
    mutants += changed.length;
    const doubtful = changed.filter(({ object }) => IS_FULL || proveInSync(object, live, piece).proven);
    const examined: Trial[] = [];
    for (const { name, object } of doubtful) examined.push(await examine(stage, { ...piece, sent: object }, name));
    return examined;
  });
  report(`${mutants} mutants: ${trials.flat().filter(({ proof }) => proof.proven).length} proven`, trials.flat());
  expect(wrongOf(trials.flat())).toEqual([]);
  expect(mutants).toBeGreaterThan(1000);
}, 600_000);

test("what is proven after others wrote to an object is true", async () => {
  const stage = await applyCorpus();
  const random = seeded(7);
  const sample = stage.pieces.filter((_, index) => index % EDITED_SHARE === 0);
  let plans = await inParallel(sample, async (piece) => ({ piece, edits: await editsOf(stage, piece, random) }));
  const trials: Trial[] = [];
  while (plans.length > 0) {
    const made = await inParallel(plans, async ({ edits: [edit] }) => (await edit?.make()) === true);
    await untilNextSecond();
    const round = await inParallel(plans, async ({ piece, edits: [edit] }, index) =>
      made[index] === true && edit !== undefined ? [await examine(stage, piece, edit.name)] : [],
    );
    trials.push(...round.flat());
    // What an edit broke beyond our healing is left alone from then on.
    const healed = await inParallel(plans, ({ piece }) => applyAs(stage.ours, piece.address, piece.sent));
    plans = plans
      .filter(({ edits }, index) => edits.length > 1 && healed[index] === true)
      .map(({ piece, edits }) => ({ piece, edits: edits.slice(1) }));
  }
  const proven = trials.filter(({ proof }) => proof.proven).length;
  report(`${trials.length} edits by others: ${proven} proven`, trials);
  expect(wrongOf(trials)).toEqual([]);
  expect(proven).toBeGreaterThan(50);
}, 600_000);

interface Stage {
  readonly transport: Transport;
  readonly ours: Cluster;
  readonly other: Cluster;
  readonly pieces: readonly Piece[];
}

interface Piece {
  readonly address: Address;
  readonly sent: KubeObject;
  /** What the kind is served as. */
  readonly apiVersions: readonly string[];
}

interface Trial {
  readonly name: string;
  readonly proof: Proof;
  /** What the server would change; `undefined`: nothing. */
  readonly change: string | undefined;
}

async function applyCorpus(): Promise<Stage> {
  const namespace = await freshNamespace();
  const transport = await adminTransport(systemClock);
  const ours = createCluster(transport, { fieldManager: FIELD_MANAGER });
  const text = await readFile(join(import.meta.dirname, "prover-corpus.yaml"), "utf8");
  const { objects, problems } = parseManifests(text.replaceAll("NAMESPACE", namespace), "prover-corpus.yaml");
  expect(problems.filter(({ level }) => level === "blocker")).toEqual([]);
  const [definitions, others] = split(objects.map(({ object }) => object));
  const isServed = (kinds: Kinds): boolean => others.every((object) => findKind(kinds, object.apiVersion, object.kind));
  let kinds = await ours.kinds(signal);
  const first = definitions.map((object) => pieceOf(object, kinds, namespace));
  onTestFinished(async () => void (await inParallel(first, (piece) => removeIfGlobal(ours, piece))));
  for (const piece of first) await applyForReal(ours, piece);
  while (!isServed(kinds)) {
    await systemClock.sleep(100, signal);
    kinds = await ours.kinds(signal);
  }
  const second = others.map((object) => pieceOf(object, kinds, namespace));
  onTestFinished(async () => void (await inParallel(second, (piece) => removeIfGlobal(ours, piece))));
  await inParallel(second, (piece) => applyForReal(ours, piece));
  await untilNextSecond();
  return {
    transport,
    ours,
    other: createCluster(transport, { fieldManager: "another" }),
    pieces: [...first, ...second],
  };
}

function split(objects: readonly KubeObject[]): readonly [readonly KubeObject[], readonly KubeObject[]] {
  const isFirst = ({ kind }: KubeObject): boolean => kind === "CustomResourceDefinition" || kind === "Namespace";
  return [objects.filter(isFirst), objects.filter((object) => !isFirst(object))];
}

function pieceOf(object: KubeObject, kinds: Kinds, namespace: string): Piece {
  const kind = findKind(kinds, object.apiVersion, object.kind);
  if (kind === undefined) throw new Error(`${object.apiVersion} ${object.kind}: not served`);
  const placed = kind.namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
  const sent = prepare(placed);
  const same = kinds.served.filter((served) => served.kind === kind.kind && served.group === kind.group);
  return { address: addressOf(kind, refOf(sent)), sent, apiVersions: same.map(apiVersionOf) };
}

/** A kind that came a moment ago is not served everywhere yet. */
async function applyForReal(cluster: Cluster, { address, sent }: Piece): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const answer = await cluster.apply(address, sent, { dryRun: false }, signal);
    if (answer.kind === "accepted") return;
    if (answer.refusal.httpStatus !== 404 || tries > 50)
      throw new Error(`${formatRef(refOf(sent))}: ${answer.refusal.message}`);
    await systemClock.sleep(100, signal);
  }
}

async function removeIfGlobal(cluster: Cluster, { address }: Piece): Promise<void> {
  if (address.kind.namespaced) return;
  const uid = (await cluster.read(address, signal))?.metadata.uid;
  if (uid !== undefined) await cluster.remove(address, { dryRun: false, uid, propagation: "Background" }, signal);
}

// Times in managedFields are whole seconds: within one, a write that only moves a time would look like none.
function untilNextSecond(): Promise<void> {
  return systemClock.sleep(1100, signal);
}

async function read({ ours }: Stage, { address }: Piece): Promise<KubeObject> {
  const live = await ours.read(address, signal);
  if (live === undefined) throw new Error(`${address.kind.kind} ${address.name}: gone`);
  return live;
}

/** Proves and asks; again when the object changed in between. */
async function examine(stage: Stage, piece: Piece, what: string): Promise<Trial> {
  const name = `${piece.sent.kind} ${piece.sent.metadata.name}, ${what}`;
  for (;;) {
    const live = await read(stage, piece);
    const proof = proveInSync(piece.sent, live, piece);
    const answer = await stage.ours.apply(piece.address, piece.sent, { dryRun: true }, signal);
    if (answer.kind === "refused") {
      const after = await read(stage, piece);
      if (after.metadata.resourceVersion !== live.metadata.resourceVersion) continue;
      return { name, proof, change: `refused: ${answer.refusal.message}` };
    }
    if (answer.object.metadata.resourceVersion !== live.metadata.resourceVersion) continue;
    const change = changed(contentOf(live), contentOf(answer.object));
    return { name, proof, change: change && formatPath(change) };
  }
}

/** What counts: everything but the status and who wrote it. */
function contentOf({ status: _status, ...object }: KubeObject): KubeObject {
  const managedFields = (object.metadata.managedFields ?? []).filter(({ subresource }) => subresource !== "status");
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function changed(a: Json | undefined, b: Json | undefined): Path | undefined {
  if (sameJson(a, b)) return undefined;
  if (!isMap(a) || !isMap(b)) return [];
  const key = Object.keys({ ...a, ...b }).find((key) => !sameJson(a[key], b[key]));
  return key === undefined ? [] : [key, ...(changed(a[key], b[key]) ?? [])];
}

/** Values of other types: what a template makes of a missing quotation mark, or of one too many. */
function retypes(object: KubeObject): readonly { readonly name: string; readonly object: KubeObject }[] {
  return leaves(object).flatMap((path) =>
    othersOf(valueAt(object, path)).map((value) => ({
      name: `${formatPath(path)} as ${JSON.stringify(value)}`,
      object: replaced(object, path, value) as KubeObject,
    })),
  );
}

function othersOf(value: Json | undefined): readonly Json[] {
  if (typeof value === "string")
    return ["", 0, [], ...(/^\d+$/.test(value) ? [Number(value)] : []), ...(value === "" ? [{}, false] : [])];
  if (typeof value === "number") return [String(value), value === 0 ? "" : 0, value + 0.5, value * 1000];
  if (typeof value === "boolean") return [String(value), 0, ""];
  if (typeof value === "bigint") return [Number(value), String(value)];
  return isList(value) ? ["", {}] : [[], ""];
}

const SERVER_OWNED = [
  "name",
  "namespace",
  "managedFields",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
];

/** Scalars, and lists and maps that are empty. */
function leaves(value: Json | undefined, path: Path = []): readonly Path[] {
  if (path[0] === "apiVersion" || path[0] === "kind") return [];
  const [first, second] = path;
  if (first === "metadata" && typeof second === "string" && SERVER_OWNED.includes(second)) return [];
  if (isMap(value) && Object.keys(value).length > 0)
    return Object.keys(value).flatMap((key) => leaves(value[key], [...path, key]));
  if (isList(value) && value.length > 0) return value.flatMap((item, index) => leaves(item, [...path, { index }]));
  return value === undefined ? [] : [path];
}

function replaced(value: Json | undefined, [step, ...rest]: Path, other: Json): Json {
  if (step === undefined) return other;
  if (isList(value) && typeof step !== "string" && "index" in step)
    return value.with(step.index, replaced(value[step.index], rest, other));
  if (isMap(value) && typeof step === "string") return { ...value, [step]: replaced(value[step], rest, other) };
  throw new Error("no such place");
}

/** What another may do to an object; `make` is false where the server refuses. */
interface Edit {
  readonly name: string;
  readonly make: () => Promise<boolean>;
}

async function editsOf(stage: Stage, piece: Piece, random: () => number): Promise<readonly Edit[]> {
  const { apiVersion, kind, metadata, ...rest } = piece.sent;
  const { name, namespace } = metadata;
  const bare = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  const labelled = { ...bare, metadata: { ...bare.metadata, labels: { "example.com/theirs": "1" } } };
  const applied = (what: string, object: KubeObject): Edit => ({
    name: `another applied ${what}`,
    make: () => applyAs(stage.other, piece.address, object),
  });
  const edited = (path: Path, value: Json | undefined): Edit => ({
    name: `${formatPath(path)} ${value === undefined ? "removed" : `edited to ${JSON.stringify(value)}`}`,
    make: () => edit(stage, piece, path, value),
  });
  const live = contentOf(await read(stage, piece));
  const places = shuffled(leaves(live), random).slice(0, PLACES_PER_OBJECT);
  const { spec } = rest as { readonly spec?: Json };
  const isScaled = isMap(spec) && typeof spec["replicas"] === "number";
  return [
    applied("a label", labelled),
    applied("the same", piece.sent),
    applied("the same as it is stored", serverForm(piece.sent)),
    applied("nothing any more", bare),
    edited(["metadata", "labels"], { ...live.metadata.labels, "example.com/edited": "1" }),
    edited(["metadata", "annotations"], { ...live.metadata.annotations, "example.com/edited": "1" }),
    ...(isScaled
      ? [1, 0].map((count) => ({ name: `scaled to ${count}`, make: () => scale(stage, piece, count) }))
      : []),
    ...places.flatMap((path) => {
      const other = anotherValue(valueAt(live, path));
      return [...(other === undefined ? [] : [edited(path, other)]), edited(path, undefined)];
    }),
  ];
}

async function applyAs(cluster: Cluster, address: Address, object: KubeObject): Promise<boolean> {
  return (await cluster.apply(address, object, { dryRun: false }, signal)).kind === "accepted";
}

function anotherValue(value: Json | undefined): Json | undefined {
  if (typeof value === "string") return /^\d+$/.test(value) ? String(Number(value) + 1) : `${value}x`;
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : undefined;
}

/** As `kubectl edit` does it. */
function edit({ transport }: Stage, { address }: Piece, path: Path, value: Json | undefined): Promise<boolean> {
  const keys = path.map((step) => (typeof step === "string" ? step : "index" in step ? `${step.index}` : "-"));
  const isItem = typeof path.at(-1) !== "string";
  const operation = value === undefined ? { op: "remove" } : { op: isItem ? "replace" : "add", value };
  return write(transport, {
    path: withQuery(objectEndpoint(address).path, { fieldManager: "kubectl-edit" }),
    body: [{ ...operation, path: jsonPointer(keys) }],
    contentType: "application/json-patch+json",
  });
}

function scale({ transport }: Stage, { address }: Piece, replicas: number): Promise<boolean> {
  return write(transport, {
    path: withQuery(`${objectEndpoint(address).path}/scale`, { fieldManager: "kubectl" }),
    body: { spec: { replicas } },
    contentType: "application/merge-patch+json",
  });
}

interface Write {
  readonly path: string;
  readonly body: Json;
  readonly contentType: string;
}

async function write(transport: Transport, request: Write): Promise<boolean> {
  const answer = await transport.send({ method: "PATCH", deed: "write", repeatable: false, ...request }, signal);
  return answer.status < 300;
}

function wrongOf(trials: readonly Trial[]): readonly string[] {
  return trials.flatMap(({ name, proof, change }) =>
    proof.proven && change !== undefined ? [`${name}: ${change}`] : [],
  );
}

function report(title: string, trials: readonly Trial[]): void {
  const doubts = trials.flatMap(({ name, proof, change }) =>
    proof.proven ? [] : [{ name, because: proof.because, isRight: change !== undefined }],
  );
  const missed = doubts.filter(({ isRight }) => !isRight);
  const counts = `${doubts.length - missed.length} rightly doubted, ${missed.length} doubted but in sync`;
  const lines = missed.slice(0, 60).map(({ name, because }) => `  ${name}: ${because}`);
  console.log([`${title}, ${wrongOf(trials).length} wrong; ${counts}`, ...lines].join("\n"));
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const entries = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

/** The same numbers between 0 and 1 on every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
