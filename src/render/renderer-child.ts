import { access, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../model/failure.ts";
import { formatJson, type Json } from "../model/json.ts";
import type { Exec, ExecAnswer } from "../ports.ts";
import { scrubbedEnvironment, type Workshop, workshopAt } from "./environment.ts";
import type { JobMessage, PairMessage } from "./job.ts";

export interface RendererLimits {
  /** From the moment that there is a job. */
  readonly timeoutMilliseconds: number;
  readonly maxOutputBytes: number;
  /** Of the renderer's own heap; programs it starts have theirs. */
  readonly heapMebibytes: number;
}

export interface RendererProgram {
  readonly exec: Exec;
  /** Node 24 or newer; absolute. */
  readonly node: string;
  /** The child's entry: `renderer.js` of the distribution, or `src/renderer.ts`. */
  readonly program: string;
  /** An existing folder outside the checkout, in which each render has a folder of its own while it lasts. */
  readonly temporary: string;
  readonly limits: RendererLimits;
}

/** A process that waits for one job; disposal ends it, with or without one, and removes its workshop. */
export interface RendererChild extends AsyncDisposable {
  readonly workshop: Workshop;
  answer(message: JobMessage | PairMessage, signal: AbortSignal): Promise<ExecAnswer>;
}

/** Starts a child that inherits nothing: no environment, no working folder, no file descriptor. */
export async function startChild(options: RendererProgram, startsProgram: boolean): Promise<RendererChild> {
  await checkProgram(options);
  const workshop = await openWorkshop(options.temporary);
  const { node, program, limits, exec } = options;
  const job = Promise.withResolvers<string>();
  const ended = new AbortController();
  const command = {
    file: node,
    args: [...nodeArguments(startsProgram, workshop, limits), program],
    cwd: workshop.empty,
    env: scrubbedEnvironment(workshop),
    input: job.promise,
    timeoutMilliseconds: limits.timeoutMilliseconds,
    maxOutputBytes: limits.maxOutputBytes,
  };
  const answered = exec.run(command, ended.signal);
  // Whoever has no job for it does not care how it ends.
  const gone = answered.then(
    () => undefined,
    () => undefined,
  );
  return {
    workshop,
    async answer(message, signal) {
      const end = (): void => ended.abort();
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
      job.resolve(formatJson(message as unknown as Json));
      return answered.finally(() => signal.removeEventListener("abort", end));
    },
    async [Symbol.asyncDispose]() {
      ended.abort();
      await gone;
      await rm(workshop.root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function checkProgram({ node, program }: RendererProgram): Promise<void> {
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

/** Node's permission model is a second wall: files are written in the workshop only, and a plain render starts no program. */
function nodeArguments(startsProgram: boolean, workshop: Workshop, limits: RendererLimits): readonly string[] {
  return [
    `--max-old-space-size=${limits.heapMebibytes}`,
    // Unbounded it takes 60 MB more at 5,000 objects, and no less time.
    "--max-semi-space-size=4",
    "--disable-warning=SecurityWarning",
    "--permission",
    "--allow-fs-read=*",
    `--allow-fs-write=${workshop.root}`,
    ...(startsProgram ? ["--allow-child-process"] : []),
  ];
}
