import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Folder extends AsyncDisposable {
  /** Absolute, without symbolic links. */
  readonly root: string;
}

/** A file's content, or a symbolic link. */
export type Content = string | Uint8Array | { readonly linkTo: string };

/** A folder with these files, gone at the end of the test. */
export async function folderOf(files: Readonly<Record<string, Content>>): Promise<Folder> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), "plumbline-render-")));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    if (typeof content === "string" || content instanceof Uint8Array) await writeFile(file, content);
    else await symlink(content.linkTo, file);
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** A ConfigMap, the smallest object. */
export function configMap(name: string, data = "a: b"): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`;
}
