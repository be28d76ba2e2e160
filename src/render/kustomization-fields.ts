import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";

/** How kustomize uses what a reference leads to. */
export type Use =
  /** A file of objects or a folder with a kustomization of its own; also looked for as a Git repository. */
  | "resource"
  /** A folder with a component; also looked for as a Git repository. */
  | "component"
  /** The configuration of a generator, transformer or validator: inline, or a file. */
  | "plugin"
  /** A YAML or JSON file. */
  | "document"
  /** A patch: inline, or a file. */
  | "patch"
  /** Any file; its content becomes data. */
  | "data";

export interface FileReference {
  readonly use: Use;
  /** As it is written, without the `key=` of a generator's file. */
  readonly text: string;
}

const LISTS: Readonly<Record<string, Use>> = {
  resources: "resource",
  bases: "resource",
  components: "component",
  generators: "plugin",
  transformers: "plugin",
  validators: "plugin",
  configurations: "document",
  crds: "document",
  patchesStrategicMerge: "patch",
};

const WITH_PATH = ["patches", "patchesJson6902", "replacements"];
const GENERATORS = ["configMapGenerator", "secretGenerator"];
const HELM = ["helmCharts", "helmGlobals", "helmChartInflationGenerator"];

const WITHOUT_FILES = [
  "apiVersion",
  "kind",
  "metadata",
  "namePrefix",
  "nameSuffix",
  "namespace",
  "commonLabels",
  "labels",
  "commonAnnotations",
  "images",
  "imageTags",
  "replicas",
  "vars",
  "sortOptions",
  "generatorOptions",
  "buildMetadata",
];

const KNOWN = new Set([...Object.keys(LISTS), ...WITH_PATH, ...GENERATORS, ...HELM, ...WITHOUT_FILES, "openapi"]);

/**
 * Fields that kustomize does not have in this spelling. It reads keys without regard to case, so what is merely misspelled here
 * would still be followed there.
 */
export function unknownFields(kustomization: JsonMap): readonly string[] {
  return Object.keys(kustomization).filter((key) => !KNOWN.has(key));
}

/** Fields that make kustomize run Helm. */
export function helmFields(kustomization: JsonMap): readonly string[] {
  return HELM.filter((key) => kustomization[key] !== undefined);
}

/** Every text of a kustomization that kustomize may take for the name of a file or folder. */
export function fileReferences(kustomization: JsonMap): readonly FileReference[] {
  return [
    ...Object.entries(LISTS).flatMap(([key, use]) => textsOf(kustomization[key]).map((text) => ({ use, text }))),
    ...WITH_PATH.flatMap((key) =>
      members(kustomization[key], "path").map((text) => ({ use: "document" as const, text })),
    ),
    ...members([kustomization["openapi"] ?? null], "path").map((text) => ({ use: "document" as const, text })),
    ...GENERATORS.flatMap((key) => generatorFiles(kustomization[key])),
  ];
}

/** The same kustomization with every reference that could be a Git repository spelled as a path: `./base`. */
export function withLocalReferences(kustomization: JsonMap): JsonMap {
  const keys = Object.entries(LISTS).flatMap(([key, use]) => (use === "resource" || use === "component" ? [key] : []));
  const lists = keys.flatMap((key) => (isList(kustomization[key]) ? [[key, kustomization[key].map(asPath)]] : []));
  return { ...kustomization, ...Object.fromEntries(lists) };
}

function asPath(entry: Json): Json {
  return typeof entry !== "string" || /^\.{1,2}(\/|$)/.test(entry) ? entry : `./${entry}`;
}

function generatorFiles(generators: Json | undefined): readonly FileReference[] {
  const files = members(generators, "files").map((text) => text.slice(text.indexOf("=") + 1));
  const sources = [...files, ...members(generators, "envs"), ...members(generators, "env")];
  return sources.map((text) => ({ use: "data", text }));
}

/** All texts under a key of the maps of a list, in any spelling of the key: which one wins is kustomize's to decide. */
function members(list: Json | undefined, key: string): readonly string[] {
  if (!isList(list)) return [];
  return list.filter(isMap).flatMap((map) => {
    const keys = Object.keys(map).filter((written) => sameKey(written, key));
    return keys.flatMap((written) => (typeof map[written] === "string" ? [map[written]] : textsOf(map[written])));
  });
}

/** Equal as Go's JSON reader compares keys; it folds `ſ` to `s` and the Kelvin sign to `k`. */
export function sameKey(written: string, key: string): boolean {
  return written.toUpperCase().toLowerCase() === key.toLowerCase();
}

function textsOf(list: Json | undefined): readonly string[] {
  return isList(list) ? list.filter((entry) => typeof entry === "string") : [];
}
