import type { JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import type { LockRequest } from "../ports.ts";
import { mapAt, textAt } from "./members.ts";
import { SYSTEM_LABELS } from "./system-name.ts";

/** A holder that has not renewed for this long, by somebody else's observation, is gone. */
export const LEASE_SECONDS = 60;

const HOLDER = "plumbline.dev/holder";
const RUN = "plumbline.dev/run";

/** Who holds a Lease, as it says itself. */
export interface LeaseHolder {
  readonly holder: string;
  /** Where people see what the holder does. */
  readonly link: string;
  /** By the holder's clock; `undefined` when it cannot be read. */
  readonly renewed: Date | undefined;
}

/** `undefined`: nobody holds it. */
export function holderOf(lease: KubeObject): LeaseHolder | undefined {
  const holder = textAt(mapAt(lease, "spec"), "holderIdentity") ?? "";
  if (holder === "") return undefined;
  const renewed = new Date(textAt(mapAt(lease, "spec"), "renewTime") ?? "");
  return {
    holder,
    link: lease.metadata.annotations?.[RUN] ?? "",
    renewed: Number.isNaN(renewed.getTime()) ? undefined : renewed,
  };
}

/** The Lease held by this request from now on; whatever else `live` holds is kept. */
export function heldLease(live: KubeObject, request: Pick<LockRequest, "holder" | "link">, now: Date): KubeObject {
  const spec = mapAt(live, "spec");
  const transitions = spec["leaseTransitions"];
  const count = typeof transitions === "number" ? transitions : 0;
  return withHolder(live, request, {
    ...spec,
    holderIdentity: request.holder,
    leaseDurationSeconds: LEASE_SECONDS,
    acquireTime: microTime(now),
    renewTime: microTime(now),
    leaseTransitions: spec["holderIdentity"] === undefined ? count : count + 1,
  });
}

/** The Lease with a new renewal time. */
export function renewedLease(live: KubeObject, now: Date): KubeObject {
  return { ...live, spec: { ...mapAt(live, "spec"), renewTime: microTime(now) } };
}

/** The Lease that nobody holds; it stays, so that the next holder has a resourceVersion to swap against. */
export function freeLease(live: KubeObject): KubeObject {
  const { holderIdentity: _holder, acquireTime: _acquired, renewTime: _renewed, ...spec } = mapAt(live, "spec");
  const { [HOLDER]: _, [RUN]: __, ...annotations } = live.metadata.annotations ?? {};
  return { ...live, metadata: { ...live.metadata, annotations }, spec };
}

/** A Lease that nobody holds, before it is first written. */
export function newLease(name: string, namespace: string): KubeObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace, labels: SYSTEM_LABELS },
    spec: {},
  };
}

function withHolder(
  live: KubeObject,
  { holder, link }: Pick<LockRequest, "holder" | "link">,
  spec: JsonMap,
): KubeObject {
  const annotations = { ...live.metadata.annotations, [HOLDER]: holder, [RUN]: link };
  return { ...live, metadata: { ...live.metadata, annotations }, spec };
}

// The API server wants exactly six digits of a second; JavaScript's clock gives three.
function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
