import { join } from "node:path";
import { runProgram } from "./program.ts";
import { isOffline, provide, type Provided } from "./provided.ts";

const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

/** zizmor looks for what makes a workflow dangerous; pip installs the pinned version into the cache, and nowhere else. */
export function zizmorProgram(): Promise<Provided> {
  return provide({
    name: "zizmor",
    program: join("bin", "zizmor"),
    pins: [REQUIREMENTS],
    cost: "downloading it with pip, 10 MB",
    obtain: install,
  });
}

async function install(folder: string): Promise<string | undefined> {
  const how = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--disable-pip-version-check"];
  const args = ["-m", "pip", "install", ...how, "--target", folder, "--requirement", REQUIREMENTS];
  const result = await runProgram("python3", args, { cwd: folder }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (result === undefined) return "python3 is not installed";
  const { code, stderr } = result;
  if (code === 0) return undefined;
  if (stderr.includes("No module named pip")) return "python3 has no pip";
  if (isOffline(stderr)) return `it cannot be downloaded\n${stderr.trimEnd()}`;
  throw new Error(`zizmor: pip ended with ${code}; see its last lines\n${stderr.trimEnd()}`);
}
