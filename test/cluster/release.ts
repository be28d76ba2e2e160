import type { Tool, Versions } from "./tool.ts";

/** Where official releases are published; a mirror may take the place of each. No slash at the end. */
export interface Publishers {
  readonly kubernetes: string;
  readonly github: string;
  readonly githubApi: string;
  readonly helm: string;
}

export const PUBLISHERS: Publishers = {
  kubernetes: "https://dl.k8s.io",
  github: "https://github.com",
  githubApi: "https://api.github.com",
  helm: "https://get.helm.sh",
};

/** One published file, and the checksum that its publisher put beside it. */
export interface Release {
  readonly url: string;
  /** The file's own name, as checksum lists call it. */
  readonly asset: string;
  /**
   * A `list` is text: a bare digest, or lines of digest and name. A `github-release` is GitHub's description of the
   * release, which has a digest per asset: kwok publishes no list.
   */
  readonly checksum: { readonly kind: "list" | "github-release"; readonly url: string };
  /** The program itself, or a .tar.gz that has it under the tool's name. */
  readonly form: "program" | "archive";
}

export interface Platform {
  readonly os: NodeJS.Platform;
  readonly arch: string;
}

/** Where the official binary of a tool lies; throws on a platform for which there is none. */
export function releaseOf(tool: Tool, versions: Versions, { os, arch }: Platform, from: Publishers): Release {
  const machine = MACHINES[arch];
  if (os !== "linux" || machine === undefined) {
    throw new Error(`${tool}: no official binary is published for ${os}/${arch}; install Go, which builds it here`);
  }
  return RELEASES[tool]({ tool, machine, versions, from });
}

// Only Linux has official server binaries.
const MACHINES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

interface Question {
  readonly tool: Tool;
  readonly machine: string;
  readonly versions: Versions;
  readonly from: Publishers;
}

const RELEASES: Readonly<Record<Tool, (question: Question) => Release>> = {
  etcd: ({ machine, versions: { etcd }, from }) =>
    listed(`${from.github}/etcd-io/etcd/releases/download/${etcd}`, {
      asset: `etcd-${etcd}-linux-${machine}.tar.gz`,
      list: "SHA256SUMS",
    }),
  "kube-apiserver": kubernetesProgram,
  "kube-controller-manager": kubernetesProgram,
  "kube-scheduler": kubernetesProgram,
  kubectl: kubernetesProgram,
  kwok: ({ machine, versions: { kwok }, from }) => ({
    url: `${from.github}/kubernetes-sigs/kwok/releases/download/${kwok}/kwok-linux-${machine}`,
    asset: `kwok-linux-${machine}`,
    checksum: { kind: "github-release", url: `${from.githubApi}/repos/kubernetes-sigs/kwok/releases/tags/${kwok}` },
    form: "program",
  }),
  kustomize: ({ machine, versions: { kustomize }, from }) =>
    listed(`${from.github}/kubernetes-sigs/kustomize/releases/download/kustomize%2F${kustomize}`, {
      asset: `kustomize_${kustomize}_linux_${machine}.tar.gz`,
      list: "checksums.txt",
    }),
  helm: ({ machine, versions: { helm }, from }) => {
    const asset = `helm-${helm}-linux-${machine}.tar.gz`;
    return listed(from.helm, { asset, list: `${asset}.sha256sum` });
  },
};

function kubernetesProgram({ tool, machine, versions, from }: Question): Release {
  const url = `${from.kubernetes}/release/${versions.kubernetes}/bin/linux/${machine}/${tool}`;
  return { url, asset: tool, checksum: { kind: "list", url: `${url}.sha256` }, form: "program" };
}

function listed(folder: string, { asset, list }: { readonly asset: string; readonly list: string }): Release {
  return { url: `${folder}/${asset}`, asset, checksum: { kind: "list", url: `${folder}/${list}` }, form: "archive" };
}
