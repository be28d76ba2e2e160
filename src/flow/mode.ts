import { isFailure } from "../model/failure.ts";
import type { KubeKind } from "../model/kind.ts";
import type { Mode } from "../model/mode.ts";
import type { Cluster, Right } from "../ports.ts";
import type { Desired } from "./desired.ts";
import { IN_FLIGHT, mapLimit } from "./parallel.ts";

/** Where a plan may ask for dry-runs, which the API server allows only to whom may write. */
export interface ModeChoice {
  /** Why no dry-run may be asked of an object of this kind in this namespace; `undefined`: it may. */
  readonly readOnly: (kind: KubeKind, namespace: string | undefined) => string | undefined;
  /** One sentence for the reader; absent where everything may be dry-run. */
  readonly note?: string;
}

/** Chooses how the cluster is asked: as the run was told, or for `auto` by what our identity may do. Offline asks nothing. */
export async function chooseMode(
  asked: Mode,
  desired: readonly Desired[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<ModeChoice> {
  if (asked === "dry-run") return { readOnly: () => undefined };
  if (asked !== "auto") return { readOnly: () => `mode ${asked}`, note: `${asked}: no dry-run was asked for` };
  const denied = await deniedBuckets(bucketsOf(desired), cluster, signal);
  if (denied.size === 0) return { readOnly: () => undefined };
  const note = `read-only: ${listOf([...denied.values()])}`;
  return { readOnly: (kind, namespace) => denied.get(bucketKey({ kind, namespace })), note };
}

/** The objects of one kind in one namespace, or of a kind that has none. */
interface Bucket {
  readonly kind: KubeKind;
  readonly namespace: string | undefined;
}

function bucketsOf(desired: readonly Desired[]): readonly Bucket[] {
  const buckets = desired.flatMap(({ address }) =>
    address === undefined ? [] : [{ kind: address.kind, namespace: address.namespace }],
  );
  return [...new Map(buckets.map((bucket) => [bucketKey(bucket), bucket])).values()];
}

function bucketKey({ kind, namespace = "" }: Bucket): string {
  return `${kind.group}/${kind.resource}/${namespace}`;
}

/** Why each bucket may not be dry-run, by its key. Asks about everything, then kind by kind, and only then place by place. */
async function deniedBuckets(
  buckets: readonly Bucket[],
  cluster: Cluster,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (buckets.length === 0) return new Map();
  if (await mayI(EVERYTHING, cluster, signal)) return new Map();
  const lacks = (on: Omit<Right, "verb">): Promise<string | undefined> => lackingVerb(on, cluster, signal);
  if ((await lacks(ALL)) === undefined) return new Map();
  const kinds = [...new Map(buckets.map(({ kind }) => [`${kind.group}/${kind.resource}`, kind])).values()];
  const answers = await mapLimit(kinds, IN_FLIGHT, (kind) => lacks(rightOn(kind)));
  const lacking = kinds.filter((_, index) => answers[index] !== undefined);
  const open = buckets.filter(({ kind }) =>
    lacking.some((one) => one.group === kind.group && one.resource === kind.resource),
  );
  const verbs = await mapLimit(open, IN_FLIGHT, ({ kind, namespace }) =>
    lacks(namespace === undefined ? rightOn(kind) : { ...rightOn(kind), namespace }),
  );
  return new Map(
    open.flatMap((bucket, index) => {
      const verb = verbs[index];
      return verb === undefined ? [] : [[bucketKey(bucket), reasonFor(verb, bucket)] as const];
    }),
  );
}

function rightOn({ group, resource }: KubeKind): Omit<Right, "verb"> {
  return { group, resource };
}

const ALL = { group: "*", resource: "*" };

/** What an administrator may; the first that `auto` asks for. */
export const EVERYTHING: Right = { verb: "*", ...ALL };

// Applying an object that is not there yet takes both, also in a dry-run.
const VERBS = ["patch", "create"] as const;

async function lackingVerb(
  on: Omit<Right, "verb">,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answers = await Promise.all(VERBS.map((verb) => mayI({ verb, ...on }, cluster, signal)));
  return VERBS.find((_, index) => answers[index] === false);
}

/** Who may not even ask learns it from the dry-run itself. */
async function mayI(right: Right, cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  try {
    return await cluster.mayI(right, signal);
  } catch (error) {
    if (isFailure(error) && error.code === "cluster-forbidden") return true;
    throw error;
  }
}

function reasonFor(verb: string, { kind, namespace }: Bucket): string {
  const resource = kind.group === "" ? kind.resource : `${kind.resource}.${kind.group}`;
  return `may not ${verb} ${resource}${namespace === undefined ? "" : ` in namespace ${namespace}`}`;
}

const MOST_TOLD = 3;

function listOf(reasons: readonly string[]): string {
  const more = reasons.length - MOST_TOLD;
  return [...reasons.slice(0, MOST_TOLD), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
