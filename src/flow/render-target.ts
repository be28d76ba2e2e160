import type { Checkout, ClusterAccess, Rendered, Renderer, RenderRequest } from "../ports.ts";
import type { ResolvedTarget } from "../config/settings.ts";
import { apiVersionOf } from "../model/kind.ts";

/** Renders one target from one commit's tree; Helm is told what the cluster serves. */
export async function renderTarget(
  target: ResolvedTarget,
  world: { readonly renderer: Renderer; readonly checkout: Checkout; readonly access?: ClusterAccess },
  signal: AbortSignal,
): Promise<Rendered> {
  const capabilities = needsCluster(target) ? await served(world.access, signal) : undefined;
  return world.renderer.render({ ...renderRequest(target, world.checkout), ...capabilities }, signal);
}

/** Whether a render depends on what the cluster serves. */
export function needsCluster({ chart, settings }: ResolvedTarget): boolean {
  return chart !== undefined || settings.render === "helm";
}

/** What is rendered where the cluster has no part in it. */
export function renderRequest({ target, path, chart, settings }: ResolvedTarget, { root }: Checkout): RenderRequest {
  return {
    root,
    path: chart?.path ?? path ?? "",
    how: chart === undefined ? settings.render : "helm",
    values: chart?.values ?? [],
    release: target.app,
    namespace: settings.namespace,
    apiVersions: [],
  };
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
