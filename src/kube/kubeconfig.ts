import { readFile, realpath } from "node:fs/promises";
import { delimiter, dirname, join, relative, resolve } from "node:path";
import { Failure } from "../model/failure.ts";

/** Where a kubeconfig may come from. */
export interface KubeconfigRequest {
  /** A path or the content itself; empty or absent: `KUBECONFIG`, then `~/.kube/config`. */
  readonly kubeconfig?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The checkout. A kubeconfig in it is refused: a pull request could change it, and it can name programs to run. */
  readonly workspace?: string;
}

/** One kubeconfig before it is understood. */
export interface KubeconfigText {
  readonly text: string;
  /** How messages name it: its path, or `the kubeconfig input`. */
  readonly name: string;
  /** What relative paths in it are relative to; absent for content given directly. */
  readonly folder?: string;
}

/** The kubeconfig texts that count, the more important first. Throws Failure `kubeconfig-missing` or `kubeconfig-invalid`. */
export async function findKubeconfig(request: KubeconfigRequest): Promise<readonly KubeconfigText[]> {
  const given = request.kubeconfig?.trim() ?? "";
  if (isContent(given)) return [{ text: request.kubeconfig ?? "", name: "the kubeconfig input" }];
  // Not quoted: what is meant as a path may be a secret's content in another form.
  if (given !== "") return [(await readText(given, request.workspace)) ?? missing("the input is no path of a file")];
  return readAny(defaultPaths(request.env), request.workspace);
}

function isContent(given: string): boolean {
  return given.includes("\n") || given.startsWith("{");
}

function defaultPaths(env: KubeconfigRequest["env"]): readonly string[] {
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  if (listed.length > 0) return listed;
  const home = env["HOME"] ?? env["USERPROFILE"];
  return home === undefined || home === "" ? [] : [join(home, ".kube", "config")];
}

// As kubectl: of several paths the missing ones are skipped.
async function readAny(paths: readonly string[], workspace: string | undefined): Promise<readonly KubeconfigText[]> {
  const texts = await Promise.all(paths.map((path) => readText(path, workspace)));
  const found = texts.filter((text) => text !== undefined);
  if (found.length > 0) return found;
  return missing(paths.length === 0 ? "neither KUBECONFIG nor HOME is set" : `${paths.join(", ")} does not exist`);
}

async function readText(path: string, workspace: string | undefined): Promise<KubeconfigText | undefined> {
  try {
    const file = await realpath(path);
    if (workspace !== undefined && isInside(file, await realpath(workspace))) throw untrusted(path);
    return { text: await readFile(file, "utf8"), name: path, folder: dirname(resolve(path)) };
  } catch (error) {
    if (isErrno(error, "ENOENT") || isErrno(error, "ENOTDIR")) return undefined;
    if (error instanceof Failure) throw error;
    throw new Failure("kubeconfig-invalid", `kubeconfig ${path} cannot be read`, {
      remedy: "make it a file that this process may read",
      cause: error,
    });
  }
}

function isInside(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== "" && !path.startsWith("..") && resolve(folder, path) === file;
}

function untrusted(path: string): Failure {
  return new Failure(
    "kubeconfig-invalid",
    `kubeconfig ${path} lies inside the checkout, where a pull request can change it`,
    {
      remedy: "write it outside the checkout, for example under RUNNER_TEMP, or pass its content from a secret",
    },
  );
}

function missing(why: string): never {
  throw new Failure("kubeconfig-missing", `no kubeconfig: ${why}`, {
    remedy: "set the input kubeconfig to a path, or to the content as it is (not base64), or set KUBECONFIG",
  });
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
