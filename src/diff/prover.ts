import type { JsonMap } from "../model/json.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import { isOurs } from "../model/ownership-marks.ts";
import { absorbed } from "./absorbed.ts";
import { droppingOf } from "./dropped-zero.ts";
import type { FieldSet } from "./field-set.ts";
import { fieldDoubt } from "./field-doubt.ts";
import { serverForm } from "./server-form.ts";

/** Whether writing an object would change nothing, told from the live object alone. `because` holds paths, never values. */
export type Proof = { readonly proven: true } | { readonly proven: false; readonly because: string };

export interface ProofRules {
  /** What else the kind is served as: any write drops other managers' claims in versions that are gone. */
  readonly apiVersions?: readonly string[];
}

/**
 * Proves that server-side apply of `sent` by our manager, with force, leaves `live` as it is, before admission: what is
 * sent is exactly what our Apply entry claims, with the same values in the same order. A doubt is no difference: then the
 * server must be asked. A `status` that the server would ignore must be gone from `sent`.
 */
export function proveInSync(sent: KubeObject, live: KubeObject, rules: ProofRules = {}): Proof {
  const because = objectDoubt(sent, live) ?? claimDoubt(sent, live, rules) ?? contentDoubt(sent, live);
  return because === undefined ? { proven: true } : { proven: false, because };
}

function objectDoubt(sent: KubeObject, live: KubeObject): string | undefined {
  if (live.metadata.deletionTimestamp !== undefined) return "the object is being deleted";
  const isSame =
    sent.apiVersion === live.apiVersion &&
    sent.kind === live.kind &&
    sent.metadata.name === live.metadata.name &&
    sent.metadata.namespace === live.metadata.namespace;
  return isSame ? undefined : "the live object is another one, or of another version";
}

function claimDoubt(sent: KubeObject, live: KubeObject, { apiVersions = [] }: ProofRules): string | undefined {
  const [moving] = absorbed(live, { adopting: false });
  if (moving !== undefined) return `fields of ${moving.manager} are to be taken over`;
  const old = entriesOf(live).find(
    ({ apiVersion }) => apiVersion !== sent.apiVersion && !apiVersions.includes(apiVersion),
  );
  return old && `${old.manager} claims fields of version ${old.apiVersion}, which may be gone`;
}

function contentDoubt(sent: KubeObject, live: KubeObject): string | undefined {
  const [own, ...more] = entriesOf(live).filter(isOurs);
  const content = contentOf(sent);
  if (own === undefined) return Object.keys(content).length === 0 ? untrackedDoubt(live) : "we have not applied it yet";
  if (more.length > 0 || own.apiVersion !== sent.apiVersion) return "it was applied by us in another version";
  if (own["fieldsType"] !== "FieldsV1" || own.fieldsV1 === undefined) return "our claims are in a form we do not know";
  const form = serverForm(sent);
  return fieldDoubt(
    { member: "", sent: content, stored: form === sent ? content : contentOf(form), live, claim: own.fieldsV1 },
    { others: othersOf(live), dropping: droppingOf(sent), isLatest: isLatest(live) },
  );
}

/**
 * An object that says nothing beyond its name claims nothing, so applying it leaves no entry. The first apply of an object
 * that nobody tracks records what it holds, though, as of `before-first-apply`.
 */
function untrackedDoubt(live: KubeObject): string | undefined {
  const { status: _status, ...held } = contentOf(live);
  const metadata = Object.keys(live.metadata).filter((key) => !UNTRACKED.has(key));
  const isBare = metadata.length === 0 && Object.keys(held).every((key) => key === "metadata");
  return isBare || entriesOf(live).length > 0 ? undefined : "nobody has applied it yet";
}

const UNTRACKED: ReadonlySet<string> = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "managedFields",
]);

/** What can be claimed of an object: everything but its identity. */
function contentOf({ apiVersion: _apiVersion, kind: _kind, metadata, ...rest }: KubeObject): JsonMap {
  const { name: _name, namespace: _namespace, ...claimable } = metadata;
  return Object.keys(claimable).length === 0 ? rest : { ...rest, metadata: claimable };
}

function othersOf(live: KubeObject): readonly FieldSet[] {
  return entriesOf(live).flatMap((entry) => (isOurs(entry) || entry.fieldsV1 === undefined ? [] : [entry.fieldsV1]));
}

/** The server sorts entries: what was applied comes first, in order of time. */
function isLatest(live: KubeObject): boolean {
  const last = entriesOf(live).findLast(({ operation }) => operation === "Apply");
  return last !== undefined && isOurs(last);
}

function entriesOf(live: KubeObject): readonly ManagedFields[] {
  return live.metadata.managedFields ?? [];
}
