import { preferredKind, type KubeKind } from "../model/kind.ts";
import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import type { Cluster } from "../ports.ts";
import type { Ref } from "../model/ref.ts";
import type { Planned } from "../preflight/planned.ts";
import { countedNamespaces, exceededQuotas } from "../preflight/quota.ts";
import type { Judged } from "./judged-plan.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";
import { unlessForbidden } from "./permitted.ts";

export interface QuotasRequest {
  readonly cluster: Cluster;
  readonly plan: readonly Planned[];
  readonly judged: Judged;
}

const QUOTAS: KubeKind = {
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  resource: "resourcequotas",
  namespaced: true,
  verbs: ["list"],
  hasStatus: true,
};

// One list of the whole cluster is less than so many of single namespaces.
const FEW_NAMESPACES = 3;

/** What all objects of a plan together ask of the namespaces' quotas: the server looks at one at a time. */
export async function checkQuotas(
  { cluster, plan, judged }: QuotasRequest,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const { kinds } = judged.world;
  const resourceOf = ({ group, kind }: Ref): string | undefined => kinds && preferredKind(kinds, group, kind)?.resource;
  const namespaces = countedNamespaces(plan, { resourceOf });
  if (namespaces.length === 0) return [];
  const lists = await listQuotas(namespaces, cluster, signal);
  const quotas = lists.flatMap((list) => (list === "forbidden" ? [] : list));
  const exceeded = exceededQuotas(plan, {
    quotas: quotas.filter(({ metadata: { namespace } }) => namespace !== undefined && namespaces.includes(namespace)),
    resourceOf,
  });
  return lists.includes("forbidden") ? [...exceeded, unreadQuotas()] : exceeded;
}

type Listed = readonly KubeObject[] | "forbidden";

async function listQuotas(
  namespaces: readonly string[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  if (namespaces.length > FEW_NAMESPACES) {
    const everywhere = await unlessForbidden(cluster.list(QUOTAS, {}, signal));
    if (everywhere !== "forbidden") return [everywhere];
  }
  return mapLimit(namespaces, IN_FLIGHT, (namespace) => unlessForbidden(cluster.list(QUOTAS, { namespace }, signal)));
}

function unreadQuotas(): Problem {
  return {
    code: "unread",
    level: "caution",
    message: "ResourceQuotas may not be listed; what this change asks for as a whole was not counted",
    remedy: "allow our identity to list resourcequotas",
  };
}
