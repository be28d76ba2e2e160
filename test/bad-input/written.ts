import type { Scene } from "./bad-input.ts";

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly uid: string; readonly managedFields?: readonly Entry[] };
    readonly data?: Readonly<Record<string, string>>;
  }[];
}

interface Entry {
  readonly manager?: string;
  readonly time?: string;
  readonly fieldsV1?: unknown;
}

const NAMESPACED = [
  "/api/v1/namespaces/$/configmaps",
  "/api/v1/namespaces/$/secrets",
  "/api/v1/namespaces/$/services",
  "/api/v1/namespaces/$/serviceaccounts",
  "/apis/apps/v1/namespaces/$/deployments",
  "/apis/rbac.authorization.k8s.io/v1/namespaces/$/roles",
];
const CLUSTER_WIDE = ["/apis/rbac.authorization.k8s.io/v1/clusterroles", "/api/v1/namespaces"];

/** Everything of a case that Plumbline could have written: which objects there are, what our field manager wrote in them, and the applied revision. */
export async function written({ api, namespace }: Scene): Promise<string> {
  const list = async (path: string): Promise<Listed["items"]> => {
    const { status, text } = await api.call("GET", path);
    if (status !== 200) throw new Error(`${path}: the API server answered ${status}: ${text}`);
    return (JSON.parse(text) as Listed).items;
  };
  const lines: string[] = [];
  for (const path of NAMESPACED.map((template) => template.replace("$", namespace)))
    lines.push(...(await list(path)).map((item) => `${path} ${textOf(item)}`));
  for (const path of CLUSTER_WIDE)
    lines.push(
      ...(await list(path))
        .filter(({ metadata: { name } }) => [namespace, `${namespace}-typo`].includes(name))
        .map((item) => `${path} ${textOf(item)}`),
    );
  // A lock that was refused afterwards leaves the system's namespace, the Lease and the key: none of them is the target's.
  const inventories = await list(`/api/v1/namespaces/${namespace}-system/configmaps`);
  lines.push(
    ...inventories.flatMap(({ metadata: { name }, data }) => (data?.["applied"] ? [`${name} ${data["applied"]}`] : [])),
  );
  return lines.toSorted().join("\n");
}

function textOf({ metadata: { name, uid, managedFields = [] } }: Listed["items"][number]): string {
  const ours = managedFields.filter(({ manager }) => manager === "plumbline");
  return `${name} ${uid} ${JSON.stringify(ours)}`;
}
