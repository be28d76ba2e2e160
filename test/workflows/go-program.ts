import { join } from "node:path";
import { goBuildPackage, whyNoGo } from "../cluster/go-build.ts";
import { isOffline, provide, type Provided } from "./provided.ts";

/** The Go module that pins act and actionlint. */
const MODULE = join(import.meta.dirname, "tools");

const PACKAGES = {
  act: "github.com/nektos/act",
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint",
} as const;

/** act runs workflows on this machine, actionlint reads them; each is built by Go once and cached. */
export function goProgram(name: keyof typeof PACKAGES): Promise<Provided> {
  return builtProgram({ name, module: MODULE, package: PACKAGES[name] });
}

export interface GoProgram {
  readonly name: string;
  /** Folder of the Go module that pins it. */
  readonly module: string;
  /** Import path of its main package, or `.` for the module's own. */
  readonly package: string;
  /** Sources of the module itself, as paths in its folder. Default: none. */
  readonly sources?: readonly string[];
}

/** A program that Go builds once; cached for the same pins and sources. */
export function builtProgram(program: GoProgram): Promise<Provided> {
  const { name, module, sources = [] } = program;
  return provide({
    name,
    program: name,
    pins: ["go.mod", "go.sum", ...sources].map((file) => join(module, file)),
    cost: "building it with Go, which takes a minute on 2 cores the first time",
    obtain: (folder) => build(program, join(folder, name)),
  });
}

async function build(program: GoProgram, output: string): Promise<string | undefined> {
  const { name, module } = program;
  const whyNot = await whyNoGo(module, process.env);
  if (whyNot !== undefined) return whyNot;
  const failure = await goBuildPackage({ package: program.package, module, output, env: process.env });
  if (failure === undefined) return undefined;
  const { code, tail } = failure;
  if (isOffline(tail)) return `its sources cannot be downloaded\n${tail}`;
  throw new Error(`${name}: go build ended with ${code}; see its last lines\n${tail}`);
}
