import { spawn } from "node:child_process";
import { once } from "node:events";

import type { Tool, Versions } from "./tool.ts";

const PACKAGES: Readonly<Record<Tool, string>> = {
  etcd: "go.etcd.io/etcd/server/v3",
  "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
  "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
  "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
  kubectl: "k8s.io/kubernetes/cmd/kubectl",
  kwok: "sigs.k8s.io/kwok/cmd/kwok",
  kustomize: "sigs.k8s.io/kustomize/kustomize/v5",
  helm: "helm.sh/helm/v4/cmd/helm",
};

/** The linker's flags for a tool. They are part of the cache key, and the same for most tools so that Go shares its work. */
export function linkerFlags(tool: Tool, versions: Versions): string {
  const [major, minor] = versions.kubernetes.slice(1).split(".");
  const component = "k8s.io/component-base/version";
  const flags = [
    "-s -w",
    `-X ${component}.gitVersion=${versions.kubernetes}`,
    `-X ${component}.gitMajor=${major}`,
    `-X ${component}.gitMinor=${minor}`,
    `-X ${component}.gitTreeState=clean`,
  ];
  // Without it helm calls itself v4.3, which no release is called. Kustomize reads its version from the build.
  if (tool === "helm") flags.push(`-X helm.sh/helm/v4/internal/version.version=${versions.helm}`);
  return flags.join(" ");
}

export interface GoBuild {
  readonly tool: Tool;
  readonly versions: Versions;
  /** The Go module that pins the tools. */
  readonly module: string;
  /** File to write. */
  readonly output: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Builds one tool with Go; throws with the compiler's last lines. Only a build that succeeded leaves `output`. */
export async function goBuild({ tool, versions, ...build }: GoBuild): Promise<void> {
  const failure = await goBuildPackage({ ...build, package: PACKAGES[tool], linkerFlags: linkerFlags(tool, versions) });
  if (failure === undefined) return;
  const { code, tail } = failure;
  throw new Error(
    `${tool}: go build ended with ${code}; see its last lines, or set KUBEBUILDER_ASSETS to a folder that has it\n${tail}`,
  );
}

export interface PackageBuild {
  /** Import path of a main package that the module pins, or `.` for the module's own. */
  readonly package: string;
  /** Folder of the Go module. */
  readonly module: string;
  /** File to write. */
  readonly output: string;
  readonly env: NodeJS.ProcessEnv;
  /** Default: neither symbols nor debugging information. */
  readonly linkerFlags?: string;
}

export interface BuildFailure {
  readonly code: number | string;
  /** The compiler's last lines. */
  readonly tail: string;
}

/** Builds one program with Go; `undefined` once `output` is there. */
export async function goBuildPackage(build: PackageBuild): Promise<BuildFailure | undefined> {
  const flags = ["-trimpath", "-mod=readonly", "-ldflags", build.linkerFlags ?? "-s -w", "-o", build.output];
  const { code, text } = await go(["build", ...flags, build.package], build);
  if (code === 0) return undefined;
  return { code, tail: text.trimEnd().split("\n").slice(-20).join("\n") };
}

/** Why Go cannot build the module here, or `undefined` where it can. */
export async function whyNoGo(module: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    // In the module's folder, so that a Go too old for it says so (or fetches the newer one).
    const { code, text } = await go(["version"], { module, env });
    return code === 0 ? undefined : `go is too old or broken: ${text.trim().split("\n").at(-1)}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "go is not installed";
    throw error;
  }
}

async function go(
  args: readonly string[],
  { module, env }: { readonly module: string; readonly env: NodeJS.ProcessEnv },
): Promise<{ readonly code: number | string; readonly text: string }> {
  const child = spawn("go", args, {
    cwd: module,
    // A workspace or a foreign target of the person's own would build something else.
    env: { ...env, CGO_ENABLED: "0", GOWORK: "off", GOOS: "", GOARCH: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code: code ?? signal ?? "unknown", text: Buffer.concat(chunks).toString() };
}
