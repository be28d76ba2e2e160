import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import type { ControlPlane } from "../cluster/control-plane.ts";

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: unknown }[];
  readonly users: readonly { readonly user: unknown }[];
}

/** One kubeconfig with a context for each control plane, named as given. Returns its path. */
export async function joinKubeconfigs(planes: Readonly<Record<string, ControlPlane>>): Promise<string> {
  const parts = await Promise.all(
    Object.entries(planes).map(async ([name, { kubeconfig }]) => {
      const one = parse(await readFile(kubeconfig, "utf8")) as Kubeconfig;
      return { name, cluster: one.clusters[0]?.cluster, user: one.users[0]?.user };
    }),
  );
  const joined = {
    apiVersion: "v1",
    kind: "Config",
    clusters: parts.map(({ name, cluster }) => ({ name, cluster })),
    users: parts.map(({ name, user }) => ({ name, user })),
    contexts: parts.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    "current-context": parts[0]?.name,
  };
  const path = join(dirname(Object.values(planes)[0]?.kubeconfig ?? ""), "joined.kubeconfig");
  await writeFile(path, stringify(joined), { mode: 0o600 });
  return path;
}
