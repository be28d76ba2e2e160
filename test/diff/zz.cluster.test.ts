import { readFileSync, writeFileSync } from "node:fs";
import { test } from "vitest";
import { createCluster } from "../../src/kube/cluster.ts";
import { adminTransport } from "../kube/real-transport.ts";
import { systemClock } from "../../src/system/clock.ts";
import { freshNamespace } from "../cluster/cluster.ts";
import { addressOf, findKind } from "../../src/model/kind.ts";
import { refOf } from "../../src/model/object.ts";
import { prepare } from "../../src/manifest/normalize.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
const signal = new AbortController().signal;
test("x", async () => {
  const ns = await freshNamespace();
  const c = createCluster(await adminTransport(systemClock), { fieldManager: "plumbline" });
  const kinds = await c.kinds(signal);
  const out: Record<string, unknown> = {};
  for (const { object } of parseManifests(readFileSync("test/diff/prover-corpus.yaml", "utf8").replaceAll("NAMESPACE", ns), "x").objects) {
    const kind = findKind(kinds, object.apiVersion, object.kind);
    if (!kind?.namespaced || object.apiVersion.includes("example")) continue;
    const sent = prepare({ ...object, metadata: { ...object.metadata, namespace: ns } });
    const a = addressOf(kind, refOf(sent));
    await c.apply(a, sent, { dryRun: false }, signal);
    out[`${sent.kind} ${sent.metadata.name}`] = { sent, live: await c.read(a, signal) };
  }
  writeFileSync("/tmp/perf-cases.json", JSON.stringify(out));
}, 60000);
