import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createKeys } from "../../src/kube/keys.ts";
import type { Keys } from "../../src/ports.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { QUIET } from "./loopback.ts";
import { adminTransport, limitedTransport } from "./real-transport.ts";

const target = { environment: "production", app: "web" };

async function keys(namespace: string): Promise<Keys> {
  return createKeys(await adminTransport(), { namespace });
}

test("a key is absent until it is made, and then the same for everybody", async () => {
  const namespace = await freshNamespace();
  const ours = await keys(namespace);
  expect(await ours.read(target, QUIET)).toBeUndefined();
  const made = await Promise.all([ours, await keys(namespace)].map((each) => each.ensure(target, QUIET)));
  const [first, second] = made;
  expect(first).toEqual(second);
  expect(await ours.read(target, QUIET)).toEqual(first);
  expect(first?.key).toHaveLength(32);
  expect(first?.id).toBe(createHash("sha256").update(first!.key).digest("hex").slice(0, 12));
});

test("who may not read Secrets has no key, and that is no failure", async () => {
  const namespace = await freshNamespace();
  await (await keys(namespace)).ensure(target, QUIET);
  const limited = createKeys(await limitedTransport(namespace, "get", "configmaps"), { namespace });
  expect(await limited.read(target, QUIET)).toBeUndefined();
  expect(await limited.ensure(target, QUIET)).toBeUndefined();
});

test("a Secret without a usable key is a failure that says what to do", async () => {
  const namespace = await freshNamespace();
  await kubectl([
    "create",
    "secret",
    "generic",
    "plumbline.production.web.key",
    "-n",
    namespace,
    "--from-literal=key=short",
  ]);
  await expect((await keys(namespace)).read(target, QUIET)).rejects.toMatchObject({
    code: "cluster-error",
    remedy: "delete the Secret; the next apply makes a new one",
  });
});
