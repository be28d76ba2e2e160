import { createHash, randomBytes } from "node:crypto";
import { Failure, isFailure } from "../model/failure.ts";
import type { KubeObject } from "../model/object.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { DigestKey, Keys } from "../ports.ts";
import { mapAt, textAt } from "./members.ts";
import { SYSTEM_LABELS, systemKind, systemName } from "./system-name.ts";
import { systemObject, type SystemObject } from "./system-object.ts";
import type { Transport } from "./transport.ts";

const SECRET = systemKind("", "Secret", "secrets");
const KEY_BYTES = 32;

/** One random key per target, in an immutable Secret; once made it never changes. */
export function createKeys(transport: Transport, { namespace }: { readonly namespace: string }): Keys {
  function secretOf(target: Target): SystemObject {
    return systemObject(transport, { kind: SECRET, namespace, name: keyName(target) });
  }

  async function read(target: Target, signal: AbortSignal): Promise<DigestKey | undefined> {
    const secret = await allowed(secretOf(target).read(signal));
    return secret === undefined ? undefined : keyIn(secret, target);
  }

  return {
    read,
    async ensure(target, signal) {
      const found = await read(target, signal);
      if (found !== undefined) return found;
      const created = await allowed(secretOf(target).create(newSecret(target, namespace), signal));
      // When another run made it first, its key is the one.
      return created === undefined ? undefined : read(target, signal);
    },
  };
}

function keyName(target: Target): string {
  return `${systemName(target)}.key`;
}

function newSecret(target: Target, namespace: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: keyName(target), namespace, labels: SYSTEM_LABELS },
    type: "Opaque",
    immutable: true,
    data: { key: randomBytes(KEY_BYTES).toString("base64") },
  };
}

function keyIn(secret: KubeObject, target: Target): DigestKey {
  const key = Buffer.from(textAt(mapAt(secret, "data"), "key") ?? "", "base64");
  if (key.length < KEY_BYTES) {
    throw new Failure("cluster-error", `${formatTarget(target)}: Secret ${keyName(target)} holds no usable key`, {
      remedy: "delete the Secret; the next apply makes a new one",
    });
  }
  return { id: createHash("sha256").update(key).digest("hex").slice(0, 12), key };
}

/** `undefined` where RBAC does not let us: without a key everything but hashes of secret values still works. */
async function allowed<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isFailure(error) && error.code === "cluster-forbidden") return undefined;
    throw error;
  }
}
