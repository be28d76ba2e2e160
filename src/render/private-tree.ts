import { lstatSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../model/problem.ts";
import { isLfsPointer } from "./lfs.ts";
import { openFile } from "./open-file.ts";
import { renderError } from "./problems.ts";
import { isWithin, repositoryPath } from "./repository-path.ts";
import { submodulesOf } from "./submodules.ts";
import { copyInFolder, copyInMemory, type TreeCopy } from "./tree-copy.ts";

export interface TreeLimits {
  readonly files: number;
  readonly bytes: number;
  readonly fileBytes: number;
  readonly depth: number;
}

// Far above what people render, far below what would fill a disk: an app is some hundred files of some kilobytes.
export const TREE_LIMITS: TreeLimits = {
  files: 20_000,
  bytes: 256 * 1024 * 1024,
  fileBytes: 32 * 1024 * 1024,
  depth: 40,
};

/** `refused`: it is there, and a problem of the tree says why it was not copied. */
export type Entry = "file" | "folder" | "absent" | "refused";

/**
 * A copy of parts of a repository that holds regular files and folders only. What a renderer reads is this copy, which nobody can
 * change any more after it was checked. A link inside the repository becomes a copy of what it leads to; all others are refused.
 */
export interface PrivateTree {
  /** Copies a file or folder (a repository path) with everything below it, once. */
  bring(place: string): Promise<Entry>;
  /** The absolute path of a copy in a folder. */
  locate(place: string): string;
  /** The repository paths of all copied files below a path, sorted. */
  files(below: string): readonly string[];
  read(file: string): Promise<Buffer>;
  /** Changes a copy. */
  replace(file: string, text: string): Promise<void>;
  /** What was refused so far; a tree with errors must not be rendered. */
  problems(): readonly Problem[];
}

export interface TreeSource {
  /** The repository's root; absolute. */
  readonly root: string;
  /** The folder where the copy grows; absolute, empty. Without it, the copy is kept in memory. */
  readonly copy?: string;
  readonly limits?: TreeLimits;
}

// One entry after the other, in a process that has nothing else to do: waiting for Node's threads would cost more than the calls.
export async function privateTree({
  root: given,
  copy: folder,
  limits = TREE_LIMITS,
}: TreeSource): Promise<PrivateTree> {
  const root = realpathSync.native(given);
  const copy = folder === undefined ? copyInMemory() : copyInFolder(folder);
  const copying: Copying = {
    root,
    copy,
    limits,
    submodules: await submodulesOf(root),
    files: new Set(),
    brought: new Set(),
    problems: [],
    bytes: 0,
  };
  return {
    bring: async (place) => bring(place, copying),
    locate: (place) => copy.locate(place),
    files: (below) => [...copying.files].filter((file) => isWithin(file, below)).toSorted(),
    read: async (file) => copy.read(file),
    replace: async (file, text) => copy.replace(file, text),
    problems: () => copying.problems,
  };
}

interface Copying {
  readonly root: string;
  readonly copy: TreeCopy;
  readonly limits: TreeLimits;
  readonly submodules: readonly string[];
  readonly files: Set<string>;
  readonly brought: Set<string>;
  readonly problems: Problem[];
  bytes: number;
}

/** One step of the walk: where an entry is really read from, and the folders above it, to see loops. */
interface Step {
  readonly place: string;
  readonly from: string;
  readonly above: readonly string[];
}

function bring(place: string, copying: Copying): Entry {
  const target = targetOf(place, path.join(copying.root, place), copying);
  if (target.entry === "absent" || target.entry === "refused") return target.entry;
  if (![...copying.brought].some((brought) => isWithin(place, brought))) {
    copying.brought.add(place);
    refuseSubmodules(place, copying);
    copyTarget({ place, from: target.real, above: [] }, target.entry, copying);
  }
  return target.entry === "file" && !copying.files.has(place) ? "refused" : target.entry;
}

type Target =
  | { readonly entry: "file" | "folder"; readonly real: string }
  | { readonly entry: "absent" }
  | { readonly entry: "refused" };

/** What a path really leads to. */
function targetOf(place: string, from: string, copying: Copying): Target {
  const real = realPathOf(from);
  if (real === "absent") return { entry: "absent" };
  if (real === "loop") return refuse(copying, place, "is a symbolic link that leads to itself");
  const relative = path.relative(copying.root, real) || ".";
  if (repositoryPath(".", relative) === undefined)
    return refuse(copying, place, "is a symbolic link out of the repository");
  const stats = lstatSync(real);
  if (stats.isDirectory()) return { entry: "folder", real };
  return stats.isFile() ? { entry: "file", real } : refuse(copying, place, "is neither a file nor a folder");
}

/** Absolute, or why there is none. */
function realPathOf(from: string): string {
  try {
    return realpathSync.native(from);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ELOOP" ? "loop" : "absent";
  }
}

function copyTarget(step: Step, entry: "file" | "folder", copying: Copying): void {
  return entry === "file" ? copyFile(step, copying) : copyFolder(step, copying);
}

function copyFolder(step: Step, copying: Copying): void {
  const { place, from, above } = step;
  if (above.includes(from)) {
    refuse(copying, place, "is a symbolic link to a folder that holds it");
    return;
  }
  if (above.length >= copying.limits.depth)
    return tooLarge(copying, place, `is nested deeper than ${copying.limits.depth} folders`);
  copying.copy.addFolder(place);
  const entries = readdirSync(from, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (isFull(copying)) return;
    if (entry.name.toLowerCase() === ".git") continue;
    const inner = {
      place: place === "." ? entry.name : `${place}/${entry.name}`,
      from: path.join(from, entry.name),
      above: [...above, from],
    };
    if (entry.isDirectory()) copyFolder(inner, copying);
    else if (entry.isFile()) copyFile(inner, copying);
    else if (entry.isSymbolicLink()) copyLink(inner, copying);
    else refuse(copying, inner.place, "is neither a file nor a folder");
  }
}

function copyLink(step: Step, copying: Copying): void {
  if (path.isAbsolute(readlinkSync(step.from))) {
    refuse(copying, step.place, "is a symbolic link with an absolute target");
    return;
  }
  const target = targetOf(step.place, step.from, copying);
  if (target.entry === "absent") return dangling(copying, step.place);
  if (target.entry !== "refused") copyTarget({ ...step, from: target.real }, target.entry, copying);
}

function copyFile({ place, from }: Step, copying: Copying): void {
  if (copying.files.has(place)) return;
  using file = openFile(from);
  if (!file.isRegular) {
    refuse(copying, place, "is not a regular file");
    return;
  }
  const { limits } = copying;
  if (file.size > limits.fileBytes) return tooLarge(copying, place, `is larger than ${mebibytes(limits.fileBytes)}`);
  if (copying.files.size >= limits.files)
    return tooLarge(copying, place, `is one file more than the limit of ${limits.files}`);
  if (copying.bytes + file.size > limits.bytes)
    return tooLarge(copying, place, `exceeds the limit of ${mebibytes(limits.bytes)} in total`);
  const content = file.read();
  if (isLfsPointer(place, content)) return pointer(copying, place);
  copying.files.add(place);
  copying.bytes += content.length;
  copying.copy.addFile(place, content);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

function isFull({ problems }: Copying): boolean {
  return problems.some((problem) => problem.code === "too-large");
}

function refuseSubmodules(place: string, copying: Copying): void {
  for (const submodule of copying.submodules) {
    if (!isWithin(place, submodule) && !isWithin(submodule, place)) continue;
    copying.problems.push(
      renderError("file-unreadable", submodule, {
        message: `${submodule} is a Git submodule, and its files are not part of this repository`,
        remedy: "copy what is deployed into the repository",
      }),
    );
  }
}

function refuse(copying: Copying, place: string, what: string): Target {
  const remedy = "replace it with a file, or with a relative link inside the repository";
  copying.problems.push(renderError("outside-repository", place, { message: `${place} ${what}`, remedy }));
  return { entry: "refused" };
}

function dangling(copying: Copying, place: string): void {
  const text = { message: `${place} is a symbolic link to nothing`, remedy: "correct or remove the link" };
  copying.problems.push(renderError("file-unreadable", place, text));
}

function pointer(copying: Copying, place: string): void {
  const text = {
    message: `${place}: manifest is an LFS pointer`,
    remedy: "take it out of Git LFS; only files that lie in Git itself are rendered",
  };
  copying.problems.push(renderError("file-unreadable", place, text));
}

function tooLarge(copying: Copying, place: string, what: string): void {
  const remedy = "deploy a smaller folder, or move what is no manifest out of it";
  copying.problems.push(renderError("too-large", place, { message: `${place} ${what}`, remedy }));
}
