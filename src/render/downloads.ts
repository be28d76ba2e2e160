import type { ToolName } from "./tool.ts";

/** A release archive and the proof that it is the one that was published. */
export interface Download {
  readonly tool: ToolName;
  readonly version: string;
  /** A gzipped tar. */
  readonly url: string;
  /** SHA-256 of the archive, hexadecimal. */
  readonly sha256: string;
  /** The program's path inside the archive. */
  readonly member: string;
}

/** The archives by platform (`process.platform` and `process.arch`) and tool. */
export type Downloads = Readonly<Record<string, Readonly<Record<ToolName, Download>> | undefined>>;

// kustomize: checksums.txt of https://github.com/kubernetes-sigs/kustomize/releases/tag/kustomize%2Fv5.8.1; the same four values
// are pinned by the Bazel rules rules_flux_deploy and by several independent installers.
// helm: the table in https://github.com/helm/helm/releases/tag/v4.2.3 (each also at <url>.sha256sum); linux and darwin values
// are pinned alike by independent Bazel repository rules.
export const DOWNLOADS: Downloads = {
  "linux-x64": {
    kustomize: kustomize("linux_amd64", "029a7f0f4e1932c52a0476cf02a0fd855c0bb85694b82c338fc648dcb53a819d"),
    helm: helm("linux-amd64", "e9b88b4ee95b18c706839c28d3a0220e5bc470e9cd9262410c90793c45ff8b7c"),
  },
  "linux-arm64": {
    kustomize: kustomize("linux_arm64", "0953ea3e476f66d6ddfcd911d750f5167b9365aa9491b2326398e289fef2c142"),
    helm: helm("linux-arm64", "21abd9354d39b2cd79a8d76be6912cd137a983cbf997193503fb8a6a6e2f2785"),
  },
  "darwin-x64": {
    kustomize: kustomize("darwin_amd64", "ee7cf0c1e3592aa7bb66ba82b359933a95e7f2e0b36e5f53ed0a4535b017f2f8"),
    helm: helm("darwin-amd64", "ff3ac86755a45f3422473bc1200776aac0fe04c5766abe6ca66699f7b564b23b"),
  },
  "darwin-arm64": {
    kustomize: kustomize("darwin_arm64", "8886f8a78474e608cc81234f729fda188a9767da23e28925802f00ece2bab288"),
    helm: helm("darwin-arm64", "048ecf5ad3160f83d918f9fe945238d2132b079640f7b106175331c25f242c64"),
  },
};

function kustomize(platform: string, sha256: string): Download {
  const version = "v5.8.1";
  const releases = "https://github.com/kubernetes-sigs/kustomize/releases/download";
  const url = `${releases}/kustomize%2F${version}/kustomize_${version}_${platform}.tar.gz`;
  return { tool: "kustomize", version, url, sha256, member: "kustomize" };
}

function helm(platform: string, sha256: string): Download {
  const version = "v4.2.3";
  return {
    tool: "helm",
    version,
    url: `https://get.helm.sh/helm-${version}-${platform}.tar.gz`,
    sha256,
    member: `${platform}/helm`,
  };
}
