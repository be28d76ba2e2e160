import { canonicalJson, isMap, type JsonMap } from "../model/json.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { cautionOf, earlierStates, writtenState, type Planned } from "./planned.ts";
import { listed, mapAt, mapsAt, textAt, told, unique } from "./reading.ts";
import { narrowings } from "./schema-narrowing.ts";

/** CustomResourceDefinitions that allow less than before, or that take all their objects with them. */
export function narrowedDefinitions(plan: readonly Planned[]): readonly Problem[] {
  return plan.filter(isDefinition).flatMap((planned) => {
    const found = planned.op === "delete" ? [goesWith(planned)] : narrowed(planned);
    if (found.length === 0) return [];
    const remedy = "check the objects of this kind, and whoever writes them";
    return [cautionOf(planned, { code: "definition-narrowed", what: listed(found), remedy })];
  });
}

/** What else changes in a definition: versions that come, and which of them is stored. */
export function definitionNotes(planned: Planned): readonly string[] {
  const written = writtenState(planned);
  const [earlier] = earlierStates(planned);
  if (!isDefinition(planned) || written === undefined || earlier === undefined) return [];
  const had = new Set(versionsOf(earlier).map(nameOf));
  const fresh = versionsOf(written)
    .map(nameOf)
    .filter((name) => !had.has(name));
  const [old, stored] = [storedIn(earlier), storedIn(written)];
  return [
    ...(fresh.length === 0 ? [] : [`new version ${listed(fresh)}`]),
    ...(old === stored || stored === undefined ? [] : [`objects are stored as ${told(stored)} from now on`]),
  ];
}

function isDefinition({ ref }: Planned): boolean {
  return ref.kind === "CustomResourceDefinition" && ref.group === "apiextensions.k8s.io";
}

function goesWith({ live, base }: Planned): string {
  const kind = textAt(live ?? base, "spec", "names", "kind") ?? "its kind";
  return `every object of kind ${told(kind)} is deleted with it`;
}

/** What the written state allows less than every earlier one. */
function narrowed(planned: Planned): readonly string[] {
  const written = writtenState(planned);
  const [first, ...others] = earlierStates(planned);
  if (written === undefined || first === undefined) return [];
  const found = others.map((earlier) => new Set(narrowedFrom(earlier, written)));
  return unique(narrowedFrom(first, written)).filter((text) => found.every((texts) => texts.has(text)));
}

function narrowedFrom(earlier: KubeObject, written: KubeObject): readonly string[] {
  const scopes = [earlier, written].map((object) => textAt(object, "spec", "scope"));
  const scope =
    scopes[0] === scopes[1] ? [] : [`its objects are ${told(scopes[1] ?? "?")} instead of ${told(scopes[0] ?? "?")}`];
  const after = new Map(versionsOf(written).map((version) => [nameOf(version), version]));
  return [
    ...scope,
    ...versionsOf(earlier).flatMap((version) => versionNarrowings(version, after.get(nameOf(version)))),
  ];
}

function versionNarrowings(before: JsonMap, after: JsonMap | undefined): readonly string[] {
  const name = told(nameOf(before));
  if (after === undefined) return [`version ${name} is gone`];
  const served = before["served"] === true && after["served"] === false ? [`version ${name} is no longer served`] : [];
  const [old, schema] = [before, after].map((version) => mapAt(version, "schema", "openAPIV3Schema"));
  if (old === undefined || schema === undefined || canonicalJson(old) === canonicalJson(schema)) return served;
  return [...served, ...narrowings(old, schema).map((text) => `${name}: ${text}`)];
}

function versionsOf(definition: KubeObject): readonly JsonMap[] {
  return mapsAt(definition, "spec", "versions").filter(isMap);
}

function nameOf(version: JsonMap): string {
  return textAt(version, "name") ?? "";
}

function storedIn(definition: KubeObject): string | undefined {
  const stored = versionsOf(definition).find((version) => version["storage"] === true);
  return stored && nameOf(stored);
}
