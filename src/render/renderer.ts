import path from "node:path";
import type { Problem } from "../model/problem.ts";
import type { ExecAnswer, Rendered, Renderer, RenderRequest } from "../ports.ts";
import { parseAnswer, parseSharedAnswer } from "./answer.ts";
import { detectHow } from "./detect.ts";
import type { How, JobMessage } from "./job.ts";
import { type RendererChild, type RendererLimits, type RendererProgram, startChild } from "./renderer-child.ts";
import { formatTool, type Tool, type Tools } from "./tool.ts";

export const RENDERER_LIMITS: RendererLimits = {
  timeoutMilliseconds: 120_000,
  maxOutputBytes: 128 * 1024 * 1024,
  heapMebibytes: 1024,
};

export interface RendererOptions extends Omit<RendererProgram, "limits"> {
  readonly tools: Tools;
  readonly limits?: RendererLimits;
}

/**
 * Renders in a child process that inherits nothing. Whatever the content does to the child is a Problem of that content; a
 * renderer of ours that is missing is Failure `render-failed`.
 */
export function createRenderer(options: RendererOptions): Renderer & AsyncDisposable {
  const children = childrenOf(options);
  const world: World = { ...options, limits: options.limits ?? RENDERER_LIMITS, children };
  return {
    prepare: () => children.prepare(),
    render: (request, signal) => render(request, world, signal),
    renderBoth: (requests, signal) => renderBoth(requests, world, signal),
    [Symbol.asyncDispose]: async () => (await children.waiting())?.[Symbol.asyncDispose](),
  };
}

interface World extends RendererProgram {
  readonly tools: Tools;
  readonly children: Children;
}

interface Children {
  prepare(): void;
  /** One that was started before, where it may do what is needed. */
  take(startsProgram: boolean): Promise<RendererChild>;
  waiting(): Promise<RendererChild | undefined>;
}

function childrenOf(options: RendererOptions): Children {
  const program: RendererProgram = { ...options, limits: options.limits ?? RENDERER_LIMITS };
  let prepared: Promise<RendererChild> | undefined;
  return {
    prepare() {
      prepared ??= startChild(program, false);
      // Why it could not be started is told to whoever takes it.
      prepared.catch(() => undefined);
    },
    take(startsProgram) {
      const ready = startsProgram ? undefined : prepared;
      if (ready !== undefined) prepared = undefined;
      return ready ?? startChild(program, startsProgram);
    },
    waiting: async () => prepared?.catch(() => undefined),
  };
}

async function render(request: RenderRequest, world: World, signal: AbortSignal): Promise<Rendered> {
  const how = await detectHow(request);
  const tool = how === "plain" ? undefined : await world.tools.find(how, signal);
  await using child = await world.children.take(tool !== undefined);
  const message: JobMessage = { request, how, workshop: child.workshop.root, ...(tool === undefined ? {} : { tool }) };
  const answer = await child.answer(message, signal);
  return toRendered(answer, { request, how, tool, limits: world.limits });
}

type Pair<Item> = readonly [Item, Item];

/** Where the two cannot share a child, or it gave no answer, each has its own: what one commit does is not the other's problem. */
async function renderBoth(requests: Pair<RenderRequest>, world: World, signal: AbortSignal): Promise<Pair<Rendered>> {
  const [first, second] = requests;
  return (
    (await renderShared(requests, world, signal)) ??
    Promise.all([render(first, world, signal), render(second, world, signal)])
  );
}

/** A child costs 60 ms of processor time before it has read anything, and reading costs twice as much for 1,000 objects. */
async function renderShared(
  requests: Pair<RenderRequest>,
  world: World,
  signal: AbortSignal,
): Promise<Pair<Rendered> | undefined> {
  const hows = await Promise.all(requests.map(detectHow));
  if (hows.some((how) => how !== "plain")) return undefined;
  await using child = await world.children.take(false);
  const messageOf = (request: RenderRequest, name: string): JobMessage => ({
    request,
    how: "plain",
    workshop: path.join(child.workshop.root, name),
  });
  const [one, other] = requests;
  const answer = await child.answer({ both: [messageOf(one, "first"), messageOf(other, "second")] }, signal);
  const [first, second] = (isComplete(answer) && parseSharedAnswer(answer.stdout)) || [];
  if (first === undefined || second === undefined) return undefined;
  return [
    { ...first, renderer: "plain" },
    { ...second, renderer: "plain" },
  ];
}

interface Context {
  readonly request: RenderRequest;
  readonly how: How;
  readonly tool: Tool | undefined;
  readonly limits: RendererLimits;
}

function toRendered(answer: ExecAnswer, context: Context): Rendered {
  const { how, tool } = context;
  const renderer = tool === undefined ? how : formatTool(tool);
  const parsed = isComplete(answer) ? parseAnswer(answer.stdout) : undefined;
  if (parsed !== undefined) return { ...parsed, renderer };
  return { objects: [], problems: [noAnswer(answer, context)], renderer };
}

function isComplete({ ended, code }: ExecAnswer): boolean {
  return ended === "exit" && code === 0;
}

/** What the child wrote to stderr is not repeated: it may hold the content of files. */
function noAnswer(answer: ExecAnswer, { request: { path: app }, limits }: Context): Problem {
  if (answer.ended === "output-limit") {
    const message = `${app}: the rendered objects exceed ${limits.maxOutputBytes / 1024 / 1024} MiB`;
    return { code: "too-large", level: "error", message, remedy: "split it into several apps" };
  }
  const what = {
    timeout: `rendering took longer than ${limits.timeoutMilliseconds / 1000} s`,
    signal: "the renderer ran out of memory or was ended from outside",
    exit: `the renderer gave no usable answer (exit code ${String(answer.code)})`,
  }[answer.ended];
  const remedy = "make the app smaller, or look for a file that is nested or repeated without end";
  return { code: "render-failed", level: "error", message: `${app}: ${what}`, remedy };
}
