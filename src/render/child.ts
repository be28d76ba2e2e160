import { mkdirSync } from "node:fs";
import type { Exec } from "../ports.ts";
import { workshopAt } from "./environment.ts";
import type { Job, JobAnswer, JobMessage, PairMessage } from "./job.ts";
import { renderPlain } from "./plain.ts";
import { privateTree } from "./private-tree.ts";
import { repositoryPath } from "./repository-path.ts";
import { parseOnce, shareObjects, type SharedAnswer } from "./shared-objects.ts";

/** What the child process does: copies the app out of the repository, checks the copy, and turns it into objects. */
export async function renderJob(
  message: JobMessage,
  { exec, parse }: Pick<Job, "exec" | "parse">,
  signal: AbortSignal,
): Promise<JobAnswer> {
  const { request } = message;
  const place = repositoryPath(".", request.path);
  if (place === undefined) return refusedPath(request.path);
  const workshop = workshopAt(message.workshop);
  const isPlain = message.how === "plain";
  if (!isPlain)
    for (const folder of [workshop.tree, workshop.home, workshop.empty]) mkdirSync(folder, { recursive: true });
  const tree = await privateTree({ root: request.root, ...(!isPlain && { copy: workshop.tree }) });
  const job: Job = { request, place, tree, workshop, exec, parse, signal };
  const entry = await tree.bring(place);
  if (entry === "absent") return nothingThere(place);
  return renderBy(message, job);
}

/** Two jobs, one after the other. */
export async function renderPair({ both }: PairMessage, exec: Exec, signal: AbortSignal): Promise<SharedAnswer> {
  const parse = parseOnce();
  const [first, second] = both;
  return shareObjects([
    await renderJob(first, { exec, parse }, signal),
    await renderJob(second, { exec, parse }, signal),
  ]);
}

// Most apps are plain, and their child loads nothing else.
async function renderBy({ how, tool }: JobMessage, job: Job): Promise<JobAnswer> {
  if (how === "plain") return renderPlain(job);
  if (tool === undefined) throw new Error(`${how}: no program was given`);
  if (how === "kustomize") return (await import("./kustomize.ts")).renderKustomize({ ...job, tool });
  return (await import("./helm.ts")).renderHelm({ ...job, tool });
}

function refusedPath(path: string): JobAnswer {
  const message = `app path ${JSON.stringify(path)} leaves the repository`;
  const remedy = "write a path below the repository's root, without ..";
  return { objects: [], problems: [{ code: "outside-repository", level: "error", message, remedy }] };
}

function nothingThere(place: string): JobAnswer {
  const message = `${place} does not exist in this commit`;
  const remedy = "correct the app's path, or add the folder";
  return { objects: [], problems: [{ code: "nothing-to-deploy", level: "error", message, remedy }] };
}
