import { text } from "node:stream/consumers";
import { formatJson, type Json } from "./model/json.ts";
import { parseManifests } from "./manifest/parse.ts";
import { renderJob, renderPair } from "./render/child.ts";
import type { JobMessage, PairMessage } from "./render/job.ts";
import { createExec } from "./system/process.ts";

// The child process of the Renderer port: one job, or two, as JSON on standard input, one answer as JSON on standard output.

const message = JSON.parse(await text(process.stdin)) as JobMessage | PairMessage;
const ended = new AbortController();
// kustomize and helm run in process groups of their own: when this process is asked to end, they have to end with it.
process.once("SIGTERM", () => ended.abort());
const exec = createExec();
const answer =
  "both" in message
    ? await renderPair(message, exec, ended.signal)
    : await renderJob(message, { exec, parse: parseManifests }, ended.signal);
process.stdout.write(formatJson(answer as unknown as Json));
