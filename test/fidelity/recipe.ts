import type { JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import type { Random } from "./random.ts";

/** Where a generated object goes; both names are of one case alone. */
export interface Spot {
  readonly name: string;
  readonly namespace: string;
}

/** How realistic objects of one kind are made. Two calls for one spot give two states of one object. */
export interface Recipe {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Everything but apiVersion, kind and the names; `metadata` holds what else there is of it. */
  readonly body: (random: Random, spot: Spot) => Body;
  /** The object's name, where the kind does not leave it free. */
  readonly nameOf?: (spot: Spot) => string;
  /** The same object, written in another version that is served as well. */
  readonly inOtherVersion?: (object: KubeObject) => KubeObject;
  readonly scales?: boolean;
  /** A status that somebody else may write. */
  readonly status?: JsonMap;
}

export interface Body extends JsonMap {
  readonly metadata?: JsonMap;
}

/** The recipe's object for a spot. */
export function make(recipe: Recipe, random: Random, spot: Spot): KubeObject {
  const { apiVersion, kind, namespaced } = recipe;
  const { metadata, ...rest } = recipe.body(random, spot);
  const name = recipe.nameOf?.(spot) ?? spot.name;
  const common = { labels: labels(random, name), ...random.maybe(0.5, () => ({ annotations: annotations(random) })) };
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespaced && { namespace: spot.namespace }), ...common, ...metadata },
    ...rest,
  };
}

export function labels(random: Random, name: string): Readonly<Record<string, string>> {
  return {
    "app.kubernetes.io/name": name,
    ...random.maybe(0.6, () => ({ team: random.pick(["checkout", "search", "platform"]) })),
    ...random.maybe(0.4, () => ({ "app.kubernetes.io/version": random.pick(["1.4.0", "1.5.0", "2.0.0-rc.1"]) })),
    ...random.maybe(0.3, () => ({ tier: random.pick(["web", "data"]), "example.com/owner": "team-a" })),
  };
}

function annotations(random: Random): Readonly<Record<string, string>> {
  return {
    "example.com/description": random.pick(["serves the shop", "several\nlines\n", "été ☃ “quoted”"]),
    ...random.maybe(0.4, () => ({ "prometheus.io/scrape": random.pick(["true", "false"]) })),
    ...random.maybe(0.3, () => ({ "example.com/config": '{"a":[1,2],"b":"c"}' })),
  };
}
