import path from "node:path";
import { formatJson, isMap, type Json, type JsonMap } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import { readDocuments } from "./documents.ts";
import {
  type FileReference,
  fileReferences,
  helmFields,
  unknownFields,
  withLocalReferences,
} from "./kustomization-fields.ts";
import { pluginRefusal } from "./plugin-configuration.ts";
import type { PrivateTree } from "./private-tree.ts";
import { placeOfText, renderError } from "./problems.ts";
import { remoteReason } from "./reference.ts";
import { repositoryPath } from "./repository-path.ts";

/** The names under which kustomize looks for its file. */
export const KUSTOMIZATION_FILES: readonly string[] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

export interface KustomizationScan {
  readonly problems: readonly Problem[];
  /** The files that are listed as resources, in any of the kustomizations: where objects are declared. */
  readonly resources: readonly string[];
}

/**
 * Brings everything that a kustomization reaches into the tree, and refuses whatever is not a file or folder of this repository.
 * Each kustomization file is then replaced by exactly what was read of it, so kustomize cannot read it differently.
 */
export async function scanKustomization(folder: string, tree: PrivateTree): Promise<KustomizationScan> {
  const scan: Scan = { tree, problems: [], resources: new Set(), seen: new Set() };
  await scanFolder(folder, scan);
  return { problems: scan.problems, resources: [...scan.resources] };
}

interface Scan {
  readonly tree: PrivateTree;
  readonly problems: Problem[];
  readonly resources: Set<string>;
  readonly seen: Set<string>;
}

/** A kustomization that is being read, and its text to find places in. */
interface Source {
  readonly folder: string;
  readonly file: string;
  readonly text: string;
}

async function scanFolder(folder: string, scan: Scan): Promise<void> {
  if (scan.seen.has(folder)) return;
  scan.seen.add(folder);
  await scan.tree.bring(folder);
  const [file, second] = kustomizationsOf(folder, scan.tree);
  if (file === undefined)
    return add(scan, folder, {
      message: `${folder} holds no kustomization file`,
      remedy: "add one, or list the folder's files themselves",
    });
  if (second !== undefined)
    return add(scan, second, { message: `${folder} holds two kustomization files`, remedy: "remove one of them" });
  const { text, documents, problems } = readDocuments(await scan.tree.read(file), file);
  scan.problems.push(...problems);
  if (problems.length > 0) return;
  const [kustomization = {}] = documents;
  if (documents.length > 1 || !isMap(kustomization))
    return add(scan, file, {
      message: `${file} is not one map`,
      remedy: "write the kustomization as one YAML document",
    });
  await scanFields(kustomization, { folder, file, text }, scan);
  await scan.tree.replace(file, formatJson(withLocalReferences(kustomization)));
}

function kustomizationsOf(folder: string, tree: PrivateTree): readonly string[] {
  const copied = new Set(tree.files(folder));
  return KUSTOMIZATION_FILES.map((name) => path.posix.join(folder, name)).filter((file) => copied.has(file));
}

async function scanFields(kustomization: JsonMap, source: Source, scan: Scan): Promise<void> {
  for (const field of unknownFields(kustomization)) {
    refuse(scan, source, {
      text: field,
      message: `${source.file}: kustomize has no field ${field}`,
      remedy: "correct its spelling",
    });
  }
  for (const field of helmFields(kustomization)) {
    const remedy = "make the chart an app of its own (render: helm), or commit what it renders";
    refuse(scan, source, {
      text: field,
      message: `${source.file}: ${field} runs Helm inside kustomize, which is not allowed`,
      remedy,
    });
  }
  for (const reference of fileReferences(kustomization)) await scanReference(reference, source, scan);
}

async function scanReference(reference: FileReference, source: Source, scan: Scan): Promise<void> {
  const { text, use } = reference;
  if (use === "plugin" && isInlinePlugin(text))
    return checkPlugin({ file: source.file, content: Buffer.from(text) }, source, scan);
  if (use === "patch" && isInlinePatch(text)) return undefined;
  const reason = remoteReason(text);
  if (reason !== undefined) return remote(scan, source, { text, reason });
  const target = repositoryPath(source.folder, text);
  if (target === undefined) return outside(scan, source, text);
  const entry = await scan.tree.bring(target);
  if (entry === "refused") return undefined;
  if (entry === "absent") return absent(scan, source, text);
  if (entry === "folder") return followFolder({ ...reference, target }, source, scan);
  return followFile({ ...reference, target }, source, scan);
}

interface Followed extends FileReference {
  readonly target: string;
}

async function followFolder({ use, text, target }: Followed, source: Source, scan: Scan): Promise<void> {
  if (use === "resource" || use === "component") return scanFolder(target, scan);
  refuse(scan, source, {
    text,
    message: `${source.file}: ${text} is a folder, and a file is needed here`,
    remedy: "name the file",
  });
}

async function followFile({ use, text, target }: Followed, source: Source, scan: Scan): Promise<void> {
  if (use === "data") return;
  const content = await scan.tree.read(target);
  if (use === "plugin") return checkPlugin({ file: target, content }, source, scan);
  // kustomize expands aliases without a limit: whatever it will parse has to pass our parser, which has one, first.
  const { problems } = readDocuments(content, target);
  scan.problems.push(...problems);
  if (use === "resource") scan.resources.add(target);
  if (use === "component")
    refuse(scan, source, { text, message: `${source.file}: component ${text} is a file`, remedy: "name its folder" });
}

interface PluginFile {
  readonly file: string;
  readonly content: Uint8Array;
}

function checkPlugin({ file, content }: PluginFile, source: Source, scan: Scan): void {
  const { documents, problems } = readDocuments(content, file);
  scan.problems.push(...problems);
  const refusal = documents.map((document: Json) => pluginRefusal(document)).find((found) => found !== undefined);
  if (refusal === undefined) return;
  const message = `${file}: a generator, transformer or validator that ${refusal} is not allowed`;
  refuse(
    scan,
    { ...source, file },
    { text: "", message, remedy: "commit what it generates", code: "remote-reference" },
  );
}

/**
 * A text that kustomize cannot parse as configuration it takes for the address of a repository, line breaks or not. So only what
 * begins as YAML does, and as no address can, is inline.
 */
function isInlinePlugin(text: string): boolean {
  return text.includes("\n") && /^\s*(#|---\s|\{|[A-Za-z]+:\s)/.test(text);
}

/** A patch that is no file is never looked for elsewhere. */
function isInlinePatch(text: string): boolean {
  return text.includes("\n") || text.trimStart().startsWith("{");
}

function remote(
  scan: Scan,
  source: Source,
  { text, reason }: { readonly text: string; readonly reason: string },
): void {
  const message = `${source.file}: ${JSON.stringify(text)} is not a file of this repository: ${reason}`;
  const remedy = "copy what it refers to into the repository, and refer to it by a relative path";
  refuse(scan, source, { text, message, remedy, code: "remote-reference" });
}

function outside(scan: Scan, source: Source, text: string): void {
  const message = `${source.file}: ${JSON.stringify(text)} lies outside the repository`;
  refuse(scan, source, {
    text,
    message,
    remedy: "refer to a file inside the repository by a relative path",
    code: "outside-repository",
  });
}

function absent(scan: Scan, source: Source, text: string): void {
  const message = `${source.file}: ${JSON.stringify(text)} does not exist`;
  refuse(scan, source, { text, message, remedy: "add it, or remove the reference", code: "file-unreadable" });
}

interface FieldRefusal {
  /** What to look for in the file, to name its line. */
  readonly text: string;
  readonly message: string;
  readonly remedy: string;
  readonly code?: "remote-reference" | "outside-repository" | "file-unreadable" | "render-failed";
}

function refuse(scan: Scan, source: Source, { text, message, remedy, code = "render-failed" }: FieldRefusal): void {
  scan.problems.push(renderError(code, placeOfText(source.file, source.text, text), { message, remedy }));
}

function add(scan: Scan, file: string, text: { readonly message: string; readonly remedy: string }): void {
  scan.problems.push(renderError("render-failed", file, text));
}
