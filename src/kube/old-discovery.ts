import type { JsonMap } from "../model/json.ts";
import { apiVersionOf, type Kinds, type KubeKind } from "../model/kind.ts";
import { isFailure } from "../model/failure.ts";
import { isSuccess, type Answer } from "./answer.ts";
import { mapAt, mapsAt, textAt, textsAt } from "./members.ts";
import type { Transport } from "./transport.ts";

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Discovery of servers before 1.30: one request per group and version that the answers of `/api` and `/apis` name. */
export async function discoverPerVersion(
  transport: Transport,
  [core, named]: readonly Answer[],
  signal: AbortSignal,
): Promise<Kinds> {
  const versions = [
    ...textsAt(core?.json, "versions").map((version) => ({ group: "", version })),
    ...mapsAt(named?.json, "groups").flatMap(versionsOf),
  ];
  const answers = await Promise.all(versions.map((version) => kindsOf(transport, version, signal)));
  return {
    served: answers.flatMap((kinds) => kinds ?? []),
    unavailable: [...new Set(versions.filter((_, index) => answers[index] === undefined).map(({ group }) => group))],
  };
}

function versionsOf(group: JsonMap): readonly GroupVersion[] {
  const preferred = textAt(mapAt(group, "preferredVersion"), "version");
  const versions = mapsAt(group, "versions").map((entry) => textAt(entry, "version") ?? "");
  const ordered = [
    ...versions.filter((version) => version === preferred),
    ...versions.filter((version) => version !== preferred),
  ];
  return ordered.map((version) => ({ group: textAt(group, "name") ?? "", version }));
}

/** `undefined`: nothing may be concluded about this group. */
async function kindsOf(
  transport: Transport,
  version: GroupVersion,
  signal: AbortSignal,
): Promise<readonly KubeKind[] | undefined> {
  const path = version.group === "" ? `/api/${version.version}` : `/apis/${apiVersionOf(version)}`;
  const request = { method: "GET", path, deed: `get ${path}`, repeatable: true } as const;
  const answer = await transport.send(request, signal).catch(absentBackend);
  if (answer === undefined || !isSuccess(answer)) return undefined;
  const resources = mapsAt(answer.json, "resources");
  const withStatus = new Set(
    resources.map((resource) => textAt(resource, "name")).filter((name) => name?.endsWith("/status")),
  );
  return resources
    .filter((resource) => textAt(resource, "name")?.includes("/") === false)
    .map((resource) => ({
      ...version,
      kind: textAt(resource, "kind") ?? "",
      resource: textAt(resource, "name") ?? "",
      namespaced: resource["namespaced"] === true,
      verbs: textsAt(resource, "verbs"),
      hasStatus: withStatus.has(`${textAt(resource, "name")}/status`),
    }));
}

// `/apis` was answered a moment ago: what cannot be reached is the backend of this one group.
function absentBackend(error: unknown): undefined {
  if (!isFailure(error) || error.code !== "cluster-unreachable") throw error;
}
