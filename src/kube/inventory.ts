import { Failure, isFailure } from "../model/failure.ts";
import { sameJson } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import { formatTarget, type Target } from "../model/target.ts";
import type { Inventories } from "../ports.ts";
import { decodeInventory, encodeInventory } from "./apply-set.ts";
import { systemKind, systemName } from "./system-name.ts";
import { systemObject, type SystemObject, type Written } from "./system-object.ts";
import type { Transport } from "./transport.ts";

const CONFIG_MAP = systemKind("", "ConfigMap", "configmaps");

/**
 * Inventories in ApplySet parents, one ConfigMap per target. A write replaces exactly the state that this object read or wrote
 * last: when somebody else wrote in between, it throws Failure `lock-lost` and changes nothing.
 */
export function createInventories(transport: Transport, { namespace }: { readonly namespace: string }): Inventories {
  const seen = new Map<string, KubeObject | undefined>();

  function parentOf(target: Target): SystemObject {
    return systemObject(transport, { kind: CONFIG_MAP, namespace, name: systemName(target) });
  }

  async function look(target: Target, signal: AbortSignal): Promise<KubeObject | undefined> {
    const live = await parentOf(target).read(signal);
    seen.set(formatTarget(target), live);
    return live;
  }

  return {
    async read(target, signal) {
      const live = await look(target, signal);
      return live === undefined ? undefined : decodeInventory(live, { target, namespace });
    },
    async write(target, inventory, signal) {
      const key = formatTarget(target);
      const before = seen.has(key) ? seen.get(key) : await look(target, signal);
      // Whatever stands there under our name is replaced only if it is ours.
      if (before !== undefined) decodeInventory(before, { target, namespace });
      const wanted = encodeInventory(inventory, { target, namespace }, before);
      const outcome = await store(parentOf(target), wanted, before, signal);
      if (!isFailure(outcome) && outcome.kind === "written") {
        seen.set(key, outcome.object);
        return;
      }
      // The answer to a write that went through may have been lost: the object itself tells.
      const live = await look(target, signal);
      if (live !== undefined && sameContent(live, wanted)) return;
      throw isFailure(outcome) ? outcome : overtaken(target);
    },
  };
}

async function store(
  parent: SystemObject,
  wanted: KubeObject,
  before: KubeObject | undefined,
  signal: AbortSignal,
): Promise<Written | Failure> {
  try {
    return await (before === undefined ? parent.create(wanted, signal) : parent.replace(wanted, signal));
  } catch (error) {
    if (isFailure(error) && error.code === "cluster-unreachable") return error;
    throw error;
  }
}

function sameContent(a: KubeObject, b: KubeObject): boolean {
  return (
    sameJson(a["data"], b["data"]) &&
    sameJson(a.metadata.annotations, b.metadata.annotations) &&
    sameJson(a.metadata.labels, b.metadata.labels)
  );
}

function overtaken(target: Target): Failure {
  return new Failure(
    "lock-lost",
    `${formatTarget(target)}: its inventory was not written, another run changed it meanwhile`,
    {
      remedy: "run the command again",
    },
  );
}
