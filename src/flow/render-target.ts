import type { Checkout, ClusterAccess, Rendered, Renderer } from "../ports.ts";
import type { ResolvedTarget } from "../config/settings.ts";
import { apiVersionOf } from "../model/kind.ts";

/** Renders one target from one commit's tree; Helm is told what the cluster serves. */
export async function renderTarget(
  { target, path, chart, settings }: ResolvedTarget,
  world: { readonly renderer: Renderer; readonly checkout: Checkout; readonly access?: ClusterAccess },
  signal: AbortSignal,
): Promise<Rendered> {
  const capabilities =
    chart === undefined && settings.render !== "helm" ? undefined : await served(world.access, signal);
  return world.renderer.render(
    {
      root: world.checkout.root,
      path: chart?.path ?? path ?? "",
      how: chart === undefined ? settings.render : "helm",
      values: chart?.values ?? [],
      release: target.app,
      namespace: settings.namespace,
      apiVersions: capabilities?.apiVersions ?? [],
      ...(capabilities && { kubeVersion: capabilities.kubeVersion }),
    },
    signal,
  );
}

async function served(
  access: ClusterAccess | undefined,
  signal: AbortSignal,
): Promise<{ readonly kubeVersion: string; readonly apiVersions: readonly string[] } | undefined> {
  if (access === undefined) return undefined;
  const [kinds, identity] = await Promise.all([access.cluster.kinds(signal), access.cluster.identify(signal)]);
  const versions = kinds.served.map((kind) => apiVersionOf(kind));
  const withKinds = kinds.served.map((kind) => `${apiVersionOf(kind)}/${kind.kind}`);
  return { kubeVersion: identity.version, apiVersions: [...new Set([...versions, ...withKinds])].toSorted() };
}
