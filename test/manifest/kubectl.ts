import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { canonicalJson, isMap, type Json, type JsonMap, parseJson } from "../../src/model/json.ts";
import { parseManifests } from "../../src/manifest/parse.ts";

/** The object that stands at `index` of a corpus, with a body of its own. */
export function numbered(index: number, body: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${nameOf(index)}\n${body}\n`;
}

export function nameOf(index: number): string {
  return `n${index}`;
}

/**
 * What kubectl reads in each of these files, as canonical JSON in its order; nothing where it refuses. Names have to start
 * with `nameOf(index)`. One run of kubectl reads all files.
 */
export async function readByKubectl(kubectl: string, files: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "manifest-"));
  try {
    await Promise.all(files.map((text, index) => writeFile(join(folder, `${index}.yaml`), text)));
    const printed = await print(kubectl, ["annotate", "--local", "-f", folder, "-o", "json", `${MARK}=1`]);
    const objects = printed
      .split(/(?<=^\})\n(?=\{)/m)
      .filter((text) => text.trim() !== "")
      .map((text) => withoutMark(parseJson(text)));
    return files.map((_, index) => textOf(objects.filter((object) => belongsTo(object, index))));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What our reader makes of a file, in the same form. */
export function readByUs(text: string): string {
  return textOf(parseManifests(text, "file.yaml").objects.map(({ object }) => object));
}

const MARK = "compared";

function print(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(file, args, { maxBuffer: 1 << 28 }, (_, stdout) => resolve(stdout));
  });
}

function withoutMark(value: Json): JsonMap {
  if (!isMap(value) || !isMap(value["metadata"]) || !isMap(value["metadata"]["annotations"]))
    throw new Error("no object");
  const { [MARK]: _, ...annotations } = value["metadata"]["annotations"];
  const { annotations: __, ...metadata } = value["metadata"];
  const rest = Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
  return { ...value, metadata: rest };
}

function belongsTo({ metadata }: JsonMap, index: number): boolean {
  const name = isMap(metadata) ? metadata["name"] : undefined;
  return typeof name === "string" && name.split("-")[0] === nameOf(index);
}

function textOf(objects: readonly Json[]): string {
  return objects.map(canonicalJson).join("\n");
}
