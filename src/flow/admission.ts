import { createHash } from "node:crypto";
import type { AdmissionMarks } from "../model/inventory.ts";
import { isBuiltInGroup } from "../model/built-in.ts";
import { canonicalJson, isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import { preferredKind, type Kinds, type KubeKind } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import { compareText } from "../model/ref.ts";
import type { Cluster } from "../ports.ts";
import { unlessForbidden } from "./permitted.ts";

/** What may change an object on its way into the cluster beside its author: defaults, webhooks and policies. */
export interface Admission {
  /** Two runs that find the same may trust each other's dry-runs. Empty when it could not be read. */
  readonly marks: AdmissionMarks;
  /** A mutating webhook or policy may change updates of this kind. */
  readonly mutates: (kind: KubeKind) => boolean;
}

export interface AdmissionRequest {
  readonly cluster: Cluster;
  readonly kinds: Kinds;
  /** The server's version: defaults change with it. */
  readonly version: string;
  /** The kinds of the objects that are compared. */
  readonly compared: readonly KubeKind[];
}

/** Reads it in two requests, three with custom kinds, one more where mutating policies are in use. An identity that may not look trusts nothing. */
export async function readAdmission(
  { cluster, kinds, version, compared }: AdmissionRequest,
  signal: AbortSignal,
): Promise<Admission> {
  // Older clusters serve mutating policies as a beta only, and they act all the same.
  const read = async ({ group, kind }: NamedKind, metadataOnly = false): Promise<Listed> => {
    const served = preferredKind(kinds, group, kind);
    return served === undefined ? [] : unlessForbidden(cluster.list(served, { metadataOnly }, signal));
  };
  const hasCustom = compared.some(({ group }) => !isBuiltInGroup(group));
  const [webhooks, policies, definitions] = await Promise.all([
    read(MUTATING_WEBHOOKS),
    readPolicies(read),
    hasCustom ? read(DEFINITIONS, true) : [],
  ]);
  if (webhooks === "forbidden" || policies === "forbidden" || definitions === "forbidden")
    return { marks: {}, mutates: () => true };
  const rules = [...webhooks, ...policies].flatMap(rulesOf);
  const mutations = [...webhooks, ...policies].map(contentOf).toSorted(compareText);
  const generations = definitions.map(({ metadata: { name, generation } }) => [name, String(generation ?? 0)] as const);
  return {
    marks: { [SERVER]: hashOf([version, ...mutations]), ...Object.fromEntries(generations) },
    mutates: (kind) => rules.some((rule) => covers(rule, kind)),
  };
}

type Listed = readonly KubeObject[] | "forbidden";

/** Whether what an earlier run learned of a kind by dry-runs still holds. */
export function isTrusted(kind: KubeKind, now: Admission, before: AdmissionMarks | undefined): boolean {
  if (before === undefined || now.marks[SERVER] === undefined || now.marks[SERVER] !== before[SERVER]) return false;
  const definition = definitionOf(kind);
  // An aggregated API has no definition that would tell of a change.
  const isKnown = isBuiltInGroup(kind.group) || now.marks[definition] !== undefined;
  return isKnown && now.marks[definition] === before[definition] && !now.mutates(kind);
}

/** The marks that concern these kinds: the rest of a cluster's definitions is none of a target's business. */
export function marksFor(kinds: readonly KubeKind[], { marks }: Admission): AdmissionMarks {
  const names = [SERVER, ...kinds.map(definitionOf)];
  return Object.fromEntries(Object.entries(marks).filter(([name]) => names.includes(name)));
}

/** The mark of the server itself: its version, its mutating webhooks and policies. */
const SERVER = "server";

function definitionOf({ resource, group }: KubeKind): string {
  return `${resource}.${group}`;
}

type NamedKind = Pick<KubeKind, "group" | "kind">;

const ADMISSION = "admissionregistration.k8s.io";
const MUTATING_WEBHOOKS: NamedKind = { group: ADMISSION, kind: "MutatingWebhookConfiguration" };
const MUTATING_POLICIES: NamedKind = { group: ADMISSION, kind: "MutatingAdmissionPolicy" };
const POLICY_BINDINGS: NamedKind = { group: ADMISSION, kind: "MutatingAdmissionPolicyBinding" };
const DEFINITIONS: NamedKind = { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" };

// A policy acts through its bindings, and through what its parameters hold.
async function readPolicies(read: (kind: NamedKind) => Promise<Listed>): Promise<Listed> {
  const policies = await read(MUTATING_POLICIES);
  if (policies === "forbidden" || policies.length === 0) return policies;
  const bindings = await read(POLICY_BINDINGS);
  return bindings === "forbidden" ? bindings : [...policies, ...bindings];
}

function contentOf(object: KubeObject): string {
  const { metadata, apiVersion: _apiVersion, kind, ...content } = object;
  return canonicalJson([kind, metadata.name, withoutBundles(content)]);
}

// Certificates are renewed every few weeks; they say nothing of what a webhook does.
function withoutBundles(value: Json): Json {
  if (isList(value)) return value.map(withoutBundles);
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "caBundle" && key !== "status");
  return Object.fromEntries(kept.map(([key, inner]) => [key, inner === undefined ? undefined : withoutBundles(inner)]));
}

interface MutationRule {
  readonly groups: readonly Json[];
  readonly resources: readonly Json[];
  readonly operations: readonly Json[];
  /** A rule for one group also matches the same resource in another. */
  readonly anyGroup: boolean;
}

function rulesOf(configuration: KubeObject): readonly MutationRule[] {
  const spec = configuration["spec"];
  const constraints = isMap(spec) ? spec["matchConstraints"] : undefined;
  const webhooks = mapsIn(configuration["webhooks"]).flatMap((webhook) => toRules(webhook, webhook["rules"]));
  return isMap(constraints) ? [...webhooks, ...toRules(constraints, constraints["resourceRules"])] : webhooks;
}

function toRules({ matchPolicy }: JsonMap, rules: Json | undefined): readonly MutationRule[] {
  return mapsIn(rules).map(({ apiGroups, resources, operations }) => ({
    groups: listIn(apiGroups),
    resources: listIn(resources),
    operations: listIn(operations),
    anyGroup: matchPolicy !== "Exact",
  }));
}

// Selectors are not looked at: a rule that may cover a kind does.
function covers(rule: MutationRule, { group, resource }: KubeKind): boolean {
  const includes = (list: readonly Json[], ...names: readonly string[]): boolean =>
    list.some((entry) => typeof entry === "string" && names.includes(entry));
  return (
    includes(rule.operations, "UPDATE", "*") &&
    includes(rule.resources, resource, "*", "*/*") &&
    (rule.anyGroup || includes(rule.groups, group, "*"))
  );
}

function mapsIn(value: Json | undefined): readonly JsonMap[] {
  return listIn(value).filter(isMap);
}

function listIn(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function hashOf(lines: readonly string[]): string {
  return createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 32);
}
