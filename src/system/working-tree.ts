import { readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../model/failure.ts";
import type { Checkout } from "../ports.ts";

/** Reads of the files of one commit. A path that leaves the tree, by itself or through a symbolic link, is Failure `file-system`. */
export function workingTree(root: string): Pick<Checkout, "read" | "hasFolder"> {
  return { read: (file) => read(root, file), hasFolder: (folder) => hasFolder(root, folder) };
}

async function read(root: string, file: string): Promise<string | undefined> {
  const real = await inside(root, file);
  if (real === undefined || !(await stat(real)).isFile()) return undefined;
  return readFile(real, "utf8");
}

async function hasFolder(root: string, folder: string): Promise<boolean> {
  const real = await inside(root, folder);
  return real !== undefined && (await stat(real)).isDirectory();
}

/** The path without links; `undefined` when there is nothing. */
async function inside(root: string, relative: string): Promise<string | undefined> {
  const wanted = path.resolve(root, relative);
  if (!isWithin(root, wanted)) throw outside(relative);
  const real = await realpath(wanted).catch(absent);
  if (real !== undefined && !isWithin(root, real)) throw outside(relative);
  return real;
}

function isWithin(root: string, file: string): boolean {
  return file === root || file.startsWith(root + path.sep);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw new Failure("file-system", `a file of the checkout could not be read (${error.code ?? "unknown error"})`, {
    remedy: "check for loops of symbolic links",
    cause: error,
  });
}

function outside(relative: string): Failure {
  return new Failure("file-system", `${relative}: leads outside of the repository`, {
    remedy: "use a path, and links, that stay inside of it",
  });
}
