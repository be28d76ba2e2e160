import { readFile } from "node:fs/promises";
import path from "node:path";
import { repositoryPath } from "./repository-path.ts";

/** The folders of a repository that are submodules: their files belong to another repository. */
export async function submodulesOf(root: string): Promise<readonly string[]> {
  const text = await readFile(path.join(root, ".gitmodules"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const paths = [...text.matchAll(/^\s*path\s*=\s*"?([^"\n]+?)"?\s*$/gm)];
  return paths.flatMap(([, found = ""]) => repositoryPath(".", found) ?? []);
}
