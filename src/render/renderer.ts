import { access, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../model/failure.ts";
import { formatJson, type Json } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import type { Exec, ExecAnswer, Rendered, Renderer, RenderRequest } from "../ports.ts";
import { parseAnswer, parseSharedAnswer } from "./answer.ts";
import { detectHow } from "./detect.ts";
import { scrubbedEnvironment, type Workshop, workshopAt } from "./environment.ts";
import type { How, JobMessage, PairMessage } from "./job.ts";
import { formatTool, type Tool, type Tools } from "./tool.ts";

export interface RendererLimits {
  readonly timeoutMilliseconds: number;
  readonly maxOutputBytes: number;
  /** Of the renderer's own heap; programs it starts have theirs. */
  readonly heapMebibytes: number;
}

export const RENDERER_LIMITS: RendererLimits = {
  timeoutMilliseconds: 120_000,
  maxOutputBytes: 128 * 1024 * 1024,
  heapMebibytes: 1024,
};

export interface RendererOptions {
  readonly exec: Exec;
  /** Node 24 or newer; absolute. */
  readonly node: string;
  /** The child's entry: `renderer.js` of the distribution, or `src/renderer.ts`. */
  readonly program: string;
  readonly tools: Tools;
  /** An existing folder outside the checkout, in which each render has a folder of its own while it lasts. */
  readonly temporary: string;
  readonly limits?: RendererLimits;
}

/**
 * Renders in a child process that inherits nothing: no environment, no working folder, no file descriptor. Whatever the content does
 * to the child is a Problem of that content; a renderer of ours that is missing is Failure `render-failed`.
 */
export function createRenderer(options: RendererOptions): Renderer {
  return {
    render: (request, signal) => render(request, options, signal),
    renderBoth: (requests, signal) => renderBoth(requests, options, signal),
  };
}

async function render(request: RenderRequest, options: RendererOptions, signal: AbortSignal): Promise<Rendered> {
  await checkProgram(options);
  const how = await detectHow(request);
  const tool = how === "plain" ? undefined : await options.tools.find(how, signal);
  return inWorkshop(options.temporary, async (workshop) => {
    const message: JobMessage = { request, how, workshop: workshop.root, ...(tool === undefined ? {} : { tool }) };
    const answer = await runChild(message, { workshop, options, signal });
    return toRendered(answer, { request, how, tool, limits: options.limits ?? RENDERER_LIMITS });
  });
}

type Pair<Item> = readonly [Item, Item];

/** Where the two cannot share a child, or it gave no answer, each has its own: what one commit does is not the other's problem. */
async function renderBoth(
  requests: Pair<RenderRequest>,
  options: RendererOptions,
  signal: AbortSignal,
): Promise<Pair<Rendered>> {
  const [first, second] = requests;
  return (
    (await renderShared(requests, options, signal)) ??
    Promise.all([render(first, options, signal), render(second, options, signal)])
  );
}

/** A child costs 150 ms of processor time before it has read anything, and reading costs it as much again for 1,000 objects. */
async function renderShared(
  requests: Pair<RenderRequest>,
  options: RendererOptions,
  signal: AbortSignal,
): Promise<Pair<Rendered> | undefined> {
  await checkProgram(options);
  const hows = await Promise.all(requests.map(detectHow));
  if (hows.some((how) => how !== "plain")) return undefined;
  return inWorkshop(options.temporary, async (workshop) => {
    const messageOf = (request: RenderRequest, name: string): JobMessage => ({
      request,
      how: "plain",
      workshop: path.join(workshop.root, name),
    });
    const [one, other] = requests;
    const both = [messageOf(one, "first"), messageOf(other, "second")] as const;
    const answer = await runChild({ both }, { workshop, options, signal });
    const [first, second] = (isComplete(answer) && parseSharedAnswer(answer.stdout)) || [];
    if (first === undefined || second === undefined) return undefined;
    return [
      { ...first, renderer: "plain" },
      { ...second, renderer: "plain" },
    ];
  });
}

async function inWorkshop<Result>(temporary: string, work: (workshop: Workshop) => Promise<Result>): Promise<Result> {
  const workshop = await openWorkshop(temporary);
  try {
    return await work(workshop);
  } finally {
    await rm(workshop.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function checkProgram({ node, program }: RendererOptions): Promise<void> {
  for (const file of [node, program]) {
    await access(file).catch((cause: unknown) => {
      throw new Failure("render-failed", `${file}: a part of the renderer is missing`, {
        remedy: "use a complete release of this action",
        cause,
      });
    });
  }
}

async function openWorkshop(temporary: string): Promise<Workshop> {
  try {
    const workshop = workshopAt(await mkdtemp(path.join(await realpath(temporary), "render-")));
    await Promise.all([workshop.tree, workshop.home, workshop.empty].map((folder) => mkdir(folder)));
    return workshop;
  } catch (cause) {
    const remedy = "check the disk and the folder's permissions";
    throw new Failure("file-system", `${temporary}: no folder for rendering could be made`, { remedy, cause });
  }
}

interface Child {
  readonly workshop: Workshop;
  readonly options: RendererOptions;
  readonly signal: AbortSignal;
}

function runChild(message: JobMessage | PairMessage, { workshop, options, signal }: Child): Promise<ExecAnswer> {
  const limits = options.limits ?? RENDERER_LIMITS;
  return options.exec.run(
    {
      file: options.node,
      args: [...nodeArguments("tool" in message, { workshop, limits }), options.program],
      cwd: workshop.empty,
      env: scrubbedEnvironment(workshop),
      input: formatJson(message as unknown as Json),
      timeoutMilliseconds: limits.timeoutMilliseconds,
      maxOutputBytes: limits.maxOutputBytes,
    },
    signal,
  );
}

/** Node's permission model is a second wall: files are written in the workshop only, and a plain render starts no program. */
function nodeArguments(
  startsProgram: boolean,
  { workshop, limits }: { readonly workshop: Workshop; readonly limits: RendererLimits },
): readonly string[] {
  return [
    `--max-old-space-size=${limits.heapMebibytes}`,
    "--disable-warning=SecurityWarning",
    "--permission",
    "--allow-fs-read=*",
    `--allow-fs-write=${workshop.root}`,
    ...(startsProgram ? ["--allow-child-process"] : []),
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
