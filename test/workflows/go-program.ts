import { join } from "node:path";
import { whyNoGo } from "../cluster/go-build.ts";
import { runProgram } from "./program.ts";
import { isOffline, provide, type Provided } from "./provided.ts";

/** The Go module that pins act and actionlint. */
const MODULE = join(import.meta.dirname, "tools");

const PACKAGES = {
  act: "github.com/nektos/act",
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint",
} as const;

/** act runs workflows on this machine, actionlint reads them; each is built by Go once and cached. */
export function goProgram(name: keyof typeof PACKAGES): Promise<Provided> {
  return provide({
    name,
    program: name,
    pins: [join(MODULE, "go.mod"), join(MODULE, "go.sum")],
    cost: "building it with Go, which takes a minute on 2 cores the first time",
    obtain: (folder) => build(name, join(folder, name)),
  });
}

async function build(name: keyof typeof PACKAGES, output: string): Promise<string | undefined> {
  const whyNot = await whyNoGo(MODULE, process.env);
  if (whyNot !== undefined) return whyNot;
  const args = ["build", "-trimpath", "-mod=readonly", "-ldflags", "-s -w", "-o", output, PACKAGES[name]];
  // A workspace or a foreign target of the person's own would build something else.
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOOS: "", GOARCH: "" };
  const { code, stderr } = await runProgram("go", args, { cwd: MODULE, env });
  if (code === 0) return undefined;
  const tail = stderr.trimEnd().split("\n").slice(-20).join("\n");
  if (isOffline(tail)) return `its sources cannot be downloaded\n${tail}`;
  throw new Error(`${name}: go build ended with ${code}; see its last lines\n${tail}`);
}
