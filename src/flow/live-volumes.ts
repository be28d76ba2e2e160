import type { Address, KubeKind } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import { refKey, type Ref } from "../model/ref.ts";
import type { Cluster } from "../ports.ts";
import type { Planned } from "../preflight/planned.ts";
import { claimsToRead, volumesToRead, type LiveVolumes } from "../preflight/volumes.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";
import { unlessForbidden } from "./permitted.ts";

const CORE = { group: "", version: "v1", verbs: ["get"], hasStatus: true };
const CLAIM: KubeKind = {
  ...CORE,
  kind: "PersistentVolumeClaim",
  resource: "persistentvolumeclaims",
  namespaced: true,
};
const VOLUME: KubeKind = { ...CORE, kind: "PersistentVolume", resource: "persistentvolumes", namespaced: false };

/** Reads the claims and volumes that a plan takes away. */
export async function readVolumes(
  { cluster, plan }: { readonly cluster: Cluster; readonly plan: readonly Planned[] },
  signal: AbortSignal,
): Promise<LiveVolumes> {
  const claims = await readAll(claimsToRead(plan), CLAIM, cluster, signal);
  const volumes = await readAll(volumesToRead(plan, claims.found), VOLUME, cluster, signal);
  const byName = [...volumes.found.values()].map((volume) => [volume.metadata.name, volume] as const);
  return {
    claims: claims.found,
    volumes: new Map(byName),
    unread: new Set([...claims.unread, ...volumes.unread]),
  };
}

interface ReadAll {
  readonly found: ReadonlyMap<string, KubeObject>;
  readonly unread: readonly string[];
}

async function readAll(refs: readonly Ref[], kind: KubeKind, cluster: Cluster, signal: AbortSignal): Promise<ReadAll> {
  const reads = await mapLimit(refs, IN_FLIGHT, async (ref) => {
    const { name, namespace } = ref;
    const address: Address = { kind, name, ...(namespace !== undefined && { namespace }) };
    return { key: refKey(ref), object: await unlessForbidden(cluster.read(address, signal)) };
  });
  return {
    found: new Map(reads.flatMap(({ key, object }) => (typeof object === "object" ? [[key, object] as const] : []))),
    unread: reads.flatMap(({ key, object }) => (object === "forbidden" ? [key] : [])),
  };
}
