import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onGithub, type BadInputs, type Scene } from "../bad-input.ts";
import type { RunOptions } from "../../support/project/project.ts";
import { configMap } from "./config-map.ts";

const change = { "app/web.yaml": configMap("web") };

/** What is wrong with the job: its inputs, its event, its token. */
export const JOBS: BadInputs = {
  "unknown-command": { job: () => ({ inputs: { command: "aply" } }), ends: onGithub(2) },
  "inputs-of-wrong-form": {
    job: () => ({
      inputs: {
        comment: "yes",
        "fail-on": "warnings",
        timeout: "5 minutes",
        config: "../plumbline.yaml",
        mode: "server",
        "github-api-url": "http://github.example/api",
      },
    }),
    ends: onGithub(2),
  },
  "unknown-input": { change, job: () => ({ inputs: { kubconfig: "x" } }), ends: { "pull request": 0 } },
  "command-does-not-fit": { change, job: () => ({ inputs: { command: "apply" } }), ends: { "pull request": 6 } },
  "event-not-json": { change, job: (scene) => withEvent(scene, "push", "{not json"), ends: { push: 6 } },
  "event-without-fields": { change, job: (scene) => withEvent(scene, "push", "{}"), ends: { push: 6 } },
  "fork-head-checked-out": {
    change,
    job: async (scene) => {
      const base = await scene.project.repository.head("main");
      const event = await withEvent(scene, "pull_request_target", JSON.stringify(forkPayload(base)));
      return { ...event, env: { ...event.env, GITHUB_SHA: base } };
    },
    ends: { "pull request": 6 },
  },
  "github-token-expired": { change, job: () => ({ inputs: { "github-token": "ghs_expired" } }), ends: onGithub(4) },
  "token-may-not-comment": {
    change,
    job: () => ({ permissions: { contents: "read", checks: "write" } }),
    ends: { "pull request": 0 },
  },
  "token-may-not-check": {
    change,
    job: () => ({ permissions: { contents: "read", pull_requests: "write" } }),
    ends: { "pull request": 0 },
  },
};

async function withEvent({ folder }: Scene, name: string, text: string): Promise<RunOptions> {
  const file = join(folder, "event.json");
  await writeFile(file, text);
  return { env: { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: file } };
}

function forkPayload(base: string): unknown {
  return {
    action: "opened",
    number: 1,
    pull_request: {
      head: { sha: "1".repeat(40), repo: { id: 2 } },
      base: { sha: base, ref: "main", repo: { id: 1 } },
      user: { id: 4242, login: "mallory", type: "User" },
    },
    repository: { id: 1, default_branch: "main" },
  };
}
