/** The programs of the control plane and the two renderers, by the names they have in the cache folder. */
export const TOOLS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
  "kwok",
  "kustomize",
  "helm",
] as const;

export type Tool = (typeof TOOLS)[number];

/** Absolute path of every tool. */
export type ToolPaths = Readonly<Record<Tool, string>>;

/** The versions that `go.mod` pins, each with its `v`. */
export interface Versions {
  readonly kubernetes: string;
  readonly etcd: string;
  readonly kwok: string;
  readonly kustomize: string;
  readonly helm: string;
}

/** Reads the pinned versions out of the text of `go.mod`; throws where one is missing. */
export function versionsOf(goMod: string): Versions {
  return {
    kubernetes: versionOf(goMod, "k8s.io/kubernetes"),
    etcd: versionOf(goMod, "go.etcd.io/etcd/server/v3"),
    kwok: versionOf(goMod, "sigs.k8s.io/kwok"),
    kustomize: versionOf(goMod, "sigs.k8s.io/kustomize/kustomize/v5"),
    helm: versionOf(goMod, "helm.sh/helm/v4"),
  };
}

function versionOf(goMod: string, module: string): string {
  const line = goMod.split("\n").find((text) => text.trim().startsWith(`${module} v`));
  const version = line?.trim().split(" ")[1];
  if (version === undefined) throw new Error(`go.mod: module ${module} has no version; add it with \`go get -tool\``);
  return version;
}
