import type { TargetReport } from "../model/plan.ts";
import type { Checkout, ClusterAccess, Rendered } from "../ports.ts";
import type { Config } from "../config/schema.ts";
import type { ResolvedTarget } from "../config/settings.ts";
import { failedTarget } from "./failed-target.ts";
import { askAhead, foresee, type Foresight } from "./foresight.ts";
import { lookOptions } from "./look-options.ts";
import type { TargetPair } from "./plan-stage.ts";
import { needsCluster, renderRequest, renderTarget } from "./render-target.ts";
import type { RequestCount } from "./request-count.ts";
import { openCluster, type RunPorts, type RunRequest } from "./run-ports.ts";
import type { PlacedRender } from "./same-render.ts";

export interface RenderWorld {
  readonly request: RunRequest;
  readonly ports: RunPorts;
  readonly head: Checkout;
  readonly base: Checkout | undefined;
  readonly config: Config;
  readonly requests: RequestCount;
  /** The files that differ between base and head; `undefined` without a base. */
  readonly changed: readonly string[] | undefined;
}

export interface RenderedPair {
  readonly settings: ResolvedTarget;
  readonly head: Rendered;
  readonly base?: PlacedRender;
  /** Opens the target's cluster; `undefined` where none is asked. */
  readonly open: () => Promise<ClusterAccess | undefined>;
  /** Until what was asked ahead is answered, needed or not: nothing goes on behind the caller's back. Never rejects. */
  readonly ahead: Promise<void>;
}

export type RenderResult = RenderedPair | { readonly failed: TargetReport };

/** What base has of an app that it does not know. */
const NOTHING: Rendered = { objects: [], problems: [], renderer: "none" };

/** Renders a target of both commits side by side, and where one of its files changed asks its cluster what will be needed. */
export async function renderPair(pair: TargetPair, world: RenderWorld, signal: AbortSignal): Promise<RenderResult> {
  const { head, base } = pair;
  const cluster = lazyCluster(head, world, signal);
  const ahead = isTouched(pair, world) ? cluster.askAhead() : Promise.resolve();
  try {
    const [after, before] = await renderSides(pair, { ...world, cluster }, signal);
    const { namespace } = (base ?? head).settings;
    const placed = world.base && { base: { rendered: before, namespace } };
    return { settings: head, head: after, ...placed, open: cluster.open, ahead };
  } catch (error) {
    await ahead;
    return { failed: failedTarget(head.target, error) };
  }
}

// A kustomization may read files beside its folder: where only those changed, the cluster is asked later, that is all.
function isTouched({ head, base }: TargetPair, { changed }: RenderWorld): boolean {
  if (changed === undefined) return true;
  const folders = [head, base].flatMap((one) => one?.chart?.path ?? one?.path ?? []);
  return changed.some((file) => folders.some((folder) => folder === "." || file.startsWith(`${folder}/`)));
}

interface LazyCluster {
  readonly open: () => Promise<ClusterAccess | undefined>;
  readonly early: () => Promise<ClusterAccess | undefined>;
  readonly askAhead: () => Promise<void>;
}

function lazyCluster(settings: ResolvedTarget, world: RenderWorld, signal: AbortSignal): LazyCluster {
  const options = lookOptions(world.request, world.config);
  const isOffline = world.request.offline || options.mode === "offline";
  let opened: Promise<Foresight | undefined> | undefined;
  const open = async (): Promise<Foresight | undefined> =>
    isOffline ? undefined : foresee(world.requests.count(await openCluster(settings, world, signal)));
  const foresight = (): Promise<Foresight | undefined> => (opened ??= open());
  return {
    open: async () => (await foresight())?.later,
    early: async () => (await foresight())?.early,
    async askAhead() {
      // Why it cannot be opened is told where it has to be.
      const found = await foresight().catch(() => undefined);
      if (found !== undefined) await askAhead(found, { target: settings.target, ...options }, signal);
    },
  };
}

type Sides = readonly [head: Rendered, base: Rendered];

async function renderSides(
  { head, base }: TargetPair,
  world: RenderWorld & { readonly cluster: LazyCluster },
  signal: AbortSignal,
): Promise<Sides> {
  const { renderer } = world.ports;
  if (base === undefined || world.base === undefined)
    return [await renderOne(head, world.head, world, signal), NOTHING];
  if (needsCluster(head) || needsCluster(base))
    return Promise.all([renderOne(head, world.head, world, signal), renderOne(base, world.base, world, signal)]);
  return renderer.renderBoth([renderRequest(head, world.head), renderRequest(base, world.base)], signal);
}

// Helm is told what the cluster serves; nothing else waits for the cluster before it is known that something differs.
async function renderOne(
  settings: ResolvedTarget,
  checkout: Checkout,
  { ports: { renderer }, cluster }: RenderWorld & { readonly cluster: LazyCluster },
  signal: AbortSignal,
): Promise<Rendered> {
  const access = needsCluster(settings) ? await cluster.early() : undefined;
  return renderTarget(settings, { renderer, checkout, ...(access && { access }) }, signal);
}
