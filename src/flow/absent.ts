import type { Address } from "../model/kind.ts";
import type { Cluster } from "../ports.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";
import { unlessForbidden } from "./permitted.ts";

/** Reads of one kind in one namespace that cost the server more than a list of the names there. */
const WORTH_A_LIST = 8;

/**
 * Leaves out what a list of names shows to be absent: a first plan has hundreds of objects that nobody has yet. What may not be
 * listed is kept, as are the few that are sooner read one by one.
 */
export async function withoutAbsent<Item extends { readonly place: Address }>(
  items: readonly Item[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<readonly Item[]> {
  const groups = Map.groupBy(items, ({ place: { kind, namespace = "" } }) =>
    [kind.group, kind.version, kind.resource, namespace].join("/"),
  );
  const absent = await mapLimit([...groups.values()], IN_FLIGHT, async (group) => {
    const [first] = group;
    const names = group.length < WORTH_A_LIST ? undefined : first && (await namesBeside(first.place, cluster, signal));
    return names === undefined ? [] : group.filter(({ place }) => !names.has(place.name));
  });
  const gone = new Set(absent.flat());
  return items.filter((item) => !gone.has(item));
}

/** The names of all objects of the same kind in the same namespace; `undefined`: they may not be listed. */
async function namesBeside(
  { kind, namespace }: Address,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  if (!kind.verbs.includes("list")) return undefined;
  const selection = { metadataOnly: true, ...(namespace !== undefined && { namespace }) };
  const listed = await unlessForbidden(cluster.list(kind, selection, signal));
  return listed === "forbidden" ? undefined : new Set(listed.map(({ metadata }) => metadata.name));
}
