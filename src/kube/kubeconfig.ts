import { readFile, realpath } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { Failure } from "../model/failure.ts";

/** Where a kubeconfig may come from. */
export interface KubeconfigRequest {
  /** A path or the content itself; empty or absent: `KUBECONFIG`, then `~/.kube/config`. */
  readonly kubeconfig?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Whether a file (an absolute path without links) belongs to the commit that is checked out. Such a kubeconfig is refused: a pull
   * request could change it, and it can name programs to run. Files that an earlier step wrote into the checkout are none of it
   * (google-github-actions/get-gke-credentials does that).
   */
  readonly isTracked?: (file: string) => Promise<boolean>;
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
  if (given !== "")
    return [(await readText(given, request.isTracked)) ?? missing("what was given is no path of a file")];
  return readAny(defaultPaths(request.env), request.isTracked);
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
async function readAny(
  paths: readonly string[],
  isTracked: KubeconfigRequest["isTracked"],
): Promise<readonly KubeconfigText[]> {
  const texts = await Promise.all(paths.map((path) => readText(path, isTracked)));
  const found = texts.filter((text) => text !== undefined);
  if (found.length > 0) return found;
  if (paths.length === 0) return missing("neither KUBECONFIG nor HOME is set");
  // As above: who puts a secret into KUBECONFIG must not read it here.
  return missing(paths.every(looksLikePath) ? `${paths.join(", ")} does not exist` : "KUBECONFIG names no file");
}

/** No quote, brace or line end, which YAML and JSON have, and shorter than a kubeconfig in base64. */
function looksLikePath(text: string): boolean {
  return /^[\w./~@+%\\ -]{1,255}$/.test(text);
}

async function readText(path: string, isTracked: KubeconfigRequest["isTracked"]): Promise<KubeconfigText | undefined> {
  try {
    const file = await realpath(path);
    if ((await isTracked?.(file)) === true) throw untrusted(path);
    return { text: await readFile(file, "utf8"), name: path, folder: dirname(resolve(path)) };
  } catch (error) {
    // What is too long for a name is something else, such as a secret's content.
    if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].some((code) => isErrno(error, code))) return undefined;
    if (error instanceof Failure) throw error;
    throw new Failure("kubeconfig-invalid", `kubeconfig ${path} cannot be read`, {
      remedy: "make it a file that this process may read",
      cause: error,
    });
  }
}

function untrusted(path: string): Failure {
  return new Failure(
    "kubeconfig-invalid",
    `kubeconfig ${path} is a file of the repository, so a pull request can change it`,
    {
      remedy: "write it in an earlier step, or pass its content from a secret",
    },
  );
}

function missing(why: string): never {
  throw new Failure("kubeconfig-missing", `no kubeconfig: ${why}`, {
    remedy: "give kubeconfig a path, or the content as it is (not base64), or set KUBECONFIG",
  });
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
