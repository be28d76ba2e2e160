import { isMap, type JsonMap } from "../model/json.ts";
import type { Kinds, KubeKind } from "../model/kind.ts";
import { isSuccess, type Answer } from "./answer.ts";
import { forbidden, unexpected } from "./failures.ts";
import { mapAt, mapsAt, textAt, textsAt } from "./members.ts";
import { discoverPerVersion } from "./old-discovery.ts";
import type { Transport } from "./transport.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/**
 * What the server serves, in two requests; the server's preferred version of a group comes first. Servers before 1.30 are asked
 * once per group and version.
 */
export async function discover(transport: Transport, signal: AbortSignal): Promise<Kinds> {
  const answers = await Promise.all(["/api", "/apis"].map((path) => getIndex(transport, path, signal)));
  if (!answers.every(isAggregated)) return discoverPerVersion(transport, answers, signal);
  const groups = answers.flatMap((answer) => mapsAt(answer.json, "items"));
  return {
    served: groups.flatMap((group) => mapsAt(group, "versions").flatMap((version) => kindsIn(nameOf(group), version))),
    unavailable: groups.filter((group) => mapsAt(group, "versions").some(isStale)).map(nameOf),
  };
}

async function getIndex(transport: Transport, path: string, signal: AbortSignal): Promise<Answer> {
  const deed = `get ${path}`;
  const accept = `${AGGREGATED},application/json`;
  const answer = await transport.send({ method: "GET", path, deed, repeatable: true, accept }, signal);
  if (answer.status === 403) throw forbidden(deed);
  if (!isSuccess(answer)) throw unexpected(deed, answer.status);
  return answer;
}

function isAggregated(answer: Answer): boolean {
  return isMap(answer.json) && answer.json["kind"] === "APIGroupDiscoveryList";
}

/** The backend of this version could not be asked lately; its resources are missing or out of date. */
function isStale(version: JsonMap): boolean {
  return version["freshness"] === "Stale";
}

function nameOf(group: JsonMap): string {
  return textAt(mapAt(group, "metadata"), "name") ?? "";
}

function kindsIn(group: string, version: JsonMap): readonly KubeKind[] {
  return mapsAt(version, "resources").map((resource) => ({
    group,
    version: textAt(version, "version") ?? "",
    kind: textAt(mapAt(resource, "responseKind"), "kind") ?? "",
    resource: textAt(resource, "resource") ?? "",
    namespaced: resource["scope"] === "Namespaced",
    verbs: textsAt(resource, "verbs"),
    hasStatus: mapsAt(resource, "subresources").some((part) => part["subresource"] === "status"),
  }));
}
