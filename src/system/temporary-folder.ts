import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Failure } from "../model/failure.ts";

/** A folder that only we may read, gone with everything in it on disposal. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Absolute, without symbolic links. */
  readonly path: string;
}

/** Makes `<parent>/<prefix>XXXXXX`; the parent is the system's folder for temporary files unless given. */
export async function temporaryFolder(prefix: string, parent: string = tmpdir()): Promise<TemporaryFolder> {
  try {
    const folder = await mkdtemp(path.join(await realpath(parent), prefix));
    return { path: folder, [Symbol.asyncDispose]: () => remove(folder) };
  } catch (cause) {
    throw new Failure("file-system", `${parent}: no temporary folder could be made`, {
      remedy: "check the disk and the folder's permissions",
      cause,
    });
  }
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
