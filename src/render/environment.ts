import path from "node:path";

/** The folders of one render. All lie in one temporary folder that is removed afterwards; nothing else may be written. */
export interface Workshop {
  /** Absolute, without symbolic links. */
  readonly root: string;
  /** The private copy of what is rendered. */
  readonly tree: string;
  /** Where programs keep their configuration, caches and temporary files. */
  readonly home: string;
  /** Stays empty: the search path, the plugins and the working folder of programs. */
  readonly empty: string;
}

export function workshopAt(root: string): Workshop {
  return { root, tree: path.join(root, "tree"), home: path.join(root, "home"), empty: path.join(root, "empty") };
}

// Port 9 is "discard": nothing listens there. It stops every host except loopback, which Go never sends through a proxy.
const DEAD_PROXY = "http://127.0.0.1:9";

/**
 * The whole environment of the renderer and of what it starts: no credential, no kubeconfig, no program on the search path
 * (so no `git`), and every configuration folder inside the workshop.
 */
export function scrubbedEnvironment({ home, empty }: Workshop): Readonly<Record<string, string>> {
  return {
    HOME: home,
    TMPDIR: home,
    PATH: empty,
    LC_ALL: "C",
    XDG_CACHE_HOME: path.join(home, "cache"),
    XDG_CONFIG_HOME: path.join(home, "config"),
    XDG_DATA_HOME: path.join(home, "data"),
    HELM_CACHE_HOME: path.join(home, "helm/cache"),
    HELM_CONFIG_HOME: path.join(home, "helm/config"),
    HELM_DATA_HOME: path.join(home, "helm/data"),
    HELM_PLUGINS: empty,
    HTTP_PROXY: DEAD_PROXY,
    HTTPS_PROXY: DEAD_PROXY,
    ALL_PROXY: DEAD_PROXY,
  };
}
