import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Address } from "../../src/model/kind.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import { isDryRunUnsupported, type Refusal } from "../../src/model/refusal.ts";
import type { ApplyAnswer, RemoveAnswer } from "../../src/ports.ts";
import { declared, withoutStatus } from "../../src/diff/comparable.ts";
import { checkStoredSize } from "../../src/manifest/object-size.ts";
import { wait } from "../cluster/wait.ts";
import { refusalTable, type Answer, type Answers } from "../diff/refusal-table.ts";
import { objectOf, placeOf, startRefusalPlane, type RefusalPlane } from "./refusal-plane.ts";
import { ROWS, type Row } from "./refusal-rows.ts";

// Every way in which the API server refuses, provoked on a real one. Its answers are recorded for the fast test of the
// same table (test/diff/refused.test.ts); `vitest -u` records them anew.
const RECORDS = join(import.meta.dirname, "../diff/golden/refusals");
const SIGNAL = new AbortController().signal;
const UID = "11111111-1111-4111-8111-111111111111";

let plane: RefusalPlane;

beforeAll(async () => {
  plane = await startRefusalPlane();
});
afterAll(async () => plane[Symbol.asyncDispose]());

describe("what a real API server refuses is told with its own code, by one request", () => {
  test.each(Object.entries(ROWS))("%s", async (subject, rows) => {
    const answers: Record<string, Answer> = {};
    for (const row of rows) answers[row.name] = await provoke(row);
    await expect(recordOf(answers)).toMatchFileSnapshot(join(RECORDS, `${subject}.json`));
    await expect(refusalTable(answers)).toMatchFileSnapshot(join(RECORDS, `${subject}.txt`));
  });
});

test("what somebody else did meanwhile is told apart", async () => {
  const { cluster, kinds } = await plane.connect("admin");
  const config = (name: string, more = ""): KubeObject =>
    objectOf(`{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: shop${more}}, data: {a: "2"}}`);
  const [there, stale, gone] = [
    config("there"),
    config("there", ', resourceVersion: "1"'),
    config("absent", `, uid: ${UID}`),
  ];
  const dryRun = { dryRun: true } as const;
  const path = "/api/v1/namespaces/shop/configmaps";
  const patch = [{ op: "replace", path: "/metadata/resourceVersion", value: "1" }] as const;
  const removal = { ...dryRun, uid: UID, propagation: "Background" } as const;
  const applied = async (object: KubeObject): Promise<Refusal> =>
    refusalIn(await cluster.apply(placeOf(object, kinds), object, dryRun, SIGNAL));
  const address = placeOf(there, kinds);
  const answers = {
    "an old version applied": toAnswer(stale, await applied(stale)),
    "an old version patched": toAnswer(there, refusalIn(await cluster.patch(address, patch, dryRun, SIGNAL))),
    "a uid that is gone": toAnswer(gone, await applied(gone)),
    "another object removed": toAnswer(there, refusalIn(await cluster.remove(address, removal, SIGNAL))),
    "created twice": toAnswer(there, await plane.ask("POST", path, there)),
    "fields of others": toAnswer(there, await plane.ask("PATCH", `${path}/there?fieldManager=other&dryRun=All`, there)),
  };
  await expect(recordOf(answers)).toMatchFileSnapshot(join(RECORDS, "conflicts.json"));
  await expect(refusalTable(answers)).toMatchFileSnapshot(join(RECORDS, "conflicts.txt"));
});

test("a deletion that a webhook cannot judge in a dry-run is not taken for a refused one", async () => {
  const { cluster, kinds } = await plane.connect("admin");
  const address = placeOf(
    objectOf("{apiVersion: v1, kind: ConfigMap, metadata: {name: there, namespace: shop}}"),
    kinds,
  );
  const uid = (await cluster.read(address, SIGNAL))?.metadata.uid ?? "";
  const refusal = refusalIn(await cluster.remove(address, { dryRun: true, uid, propagation: "Background" }, SIGNAL));
  expect(isDryRunUnsupported(refusal)).toBe(true);
});

test("a group that does not answer is told as such", async () => {
  const object = objectOf("{apiVersion: dead.example.com/v1, kind: Gadget, metadata: {name: g, namespace: shop}}");
  const path = "/apis/dead.example.com/v1/namespaces/shop/gadgets/g?fieldManager=plumbline&dryRun=All";
  const until = async (): Promise<boolean> => (await plane.ask("PATCH", path, object)).httpStatus === 503;
  await wait({ what: "group dead", within: 20_000, of: [], until });
  const answers = { "a group that does not answer": toAnswer(object, await plane.ask("PATCH", path, object)) };
  await expect(recordOf(answers)).toMatchFileSnapshot(join(RECORDS, "groups.json"));
  await expect(refusalTable(answers)).toMatchFileSnapshot(join(RECORDS, "groups.txt"));
});

test("an object is called too large exactly when the store refuses it, although a dry-run accepts it", async () => {
  const { cluster, kinds } = await plane.connect("admin");
  const apply = (length: number, dryRun: boolean): Promise<ApplyAnswer> => {
    const meta = "metadata: {name: huge, namespace: shop}";
    const object = objectOf(
      `{apiVersion: shop.example.com/v1, kind: Widget, ${meta}, spec: {text: ${"x".repeat(length)}}}`,
    );
    return cluster.apply(placeOf(object, kinds), object, { dryRun }, SIGNAL);
  };
  const isCalledTooLarge = async (length: number): Promise<boolean> => {
    const answer = await apply(length, true);
    if (answer.kind === "refused") throw new Error(answer.refusal.message);
    return checkStoredSize(answer.object, undefined).length > 0;
  };
  let [fits, exceeds] = [1_570_000, 1_575_000];
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    if (await isCalledTooLarge(middle)) exceeds = middle;
    else fits = middle;
  }
  expect(refusalIn(await apply(exceeds, false)).message).toBe("etcdserver: request is too large");
  expect((await apply(fits, false)).kind).toBe("accepted");
});

/** Policies, webhooks and rights take a moment to be in force, so what is accepted is tried again. */
async function provoke(row: Row): Promise<Answer> {
  const { cluster, kinds } = await plane.connect(row.as ?? "admin");
  const object = objectOf(row.object);
  const address = placeOf(object, kinds, row.to);
  const refusals: Refusal[] = [];
  const until = async (): Promise<boolean> => {
    const before = cluster.requests;
    const answer = await cluster.apply(address, object, { dryRun: row.really !== true }, SIGNAL);
    if (answer.kind === "accepted") return false;
    // What the author has to mend is never sent twice.
    expect(cluster.requests - before, `requests of "${row.name}"`).toBe(1);
    return refusals.push(answer.refusal) > 0;
  };
  await wait({ what: `"${row.name}" refused`, within: 20_000, of: [], until });
  const [refusal] = refusals as [Refusal];
  return toAnswer(object, refusal, row.to === undefined ? await readLive(address) : undefined);
}

async function readLive(address: Address): Promise<KubeObject | undefined> {
  const { cluster } = await plane.connect("admin");
  return cluster.read(address, SIGNAL);
}

function refusalIn(answer: ApplyAnswer | RemoveAnswer): Refusal {
  if (answer.kind !== "refused") throw new Error(answer.kind);
  return answer.refusal;
}

const LONGEST_RECORDED = 20_000;

function toAnswer(object: KubeObject, refusal: Refusal, live?: KubeObject): Answer {
  const isSmall = JSON.stringify(object).length < LONGEST_RECORDED;
  return {
    ref: refOf(object),
    refusal: steady(refusal),
    ...(isSmall && { sent: object }),
    ...(live && { live: liveForm(live) }),
  };
}

/** What Git could declare of a live object: enough to name and suggest fields. */
function liveForm(live: KubeObject): KubeObject {
  const { apiVersion, kind } = live;
  const { name, namespace } = live.metadata;
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return steady({ apiVersion, kind, ...declared(withoutStatus(live)), metadata });
}

/** Without what differs from run to run. */
function steady<Value>(value: Value): Value {
  const text = JSON.stringify(value)
    .replaceAll(/127\.0\.0\.1:\d{4,5}/g, "127.0.0.1:8443")
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "00000000-0000-4000-8000-000000000000")
    .replaceAll(/kube-api-access-\w{5}/g, "kube-api-access-00000");
  return JSON.parse(text) as Value;
}

function recordOf(answers: Answers): string {
  return `${JSON.stringify(answers, undefined, 2)}\n`;
}
