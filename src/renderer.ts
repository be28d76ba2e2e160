import { text } from "node:stream/consumers";
import { formatJson, type Json } from "./model/json.ts";
import { parseManifests } from "./manifest/parse.ts";
import { renderJob, renderPair } from "./render/child.ts";
import type { JobMessage, PairMessage } from "./render/job.ts";
import type { Exec } from "./ports.ts";

// The child process of the Renderer port: one job, or two, as JSON on standard input, one answer as JSON on standard output.

const message = JSON.parse(await text(process.stdin)) as JobMessage | PairMessage;
const ended = new AbortController();
// kustomize and helm run in process groups of their own: when this process is asked to end, they have to end with it.
process.once("SIGTERM", () => ended.abort());
const exec: Exec = {
  // A plain render starts no program, and loads nothing that could.
  run: async (command, ending) => (await import("./system/process.ts")).createExec().run(command, ending),
};
const answer =
  "both" in message
    ? await renderPair(message, exec, ended.signal)
    : await renderJob(message, { exec, parse: parseManifests }, ended.signal);
// To take the memory apart first would only keep the parent waiting.
process.stdout.write(formatJson(answer as unknown as Json), (failed) => process.exit(failed ? 1 : 0));
