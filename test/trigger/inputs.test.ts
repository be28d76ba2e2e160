import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { INPUTS } from "../../src/trigger/input-list.ts";
import { parseInputs, type Inputs } from "../../src/trigger/inputs.ts";

function inputsOf(given: Record<string, string>): Inputs {
  const parsed = parseInputs(toEnvironment(given));
  if ("problems" in parsed) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return parsed.inputs;
}

function problemsOf(given: Record<string, string>): readonly string[] {
  const parsed = parseInputs(toEnvironment(given));
  const problems = "problems" in parsed ? parsed.problems : parsed.inputs.cautions;
  return problems.map(({ code, level, message, remedy }) => `${level} ${code} ${message}; ${remedy}`);
}

function toEnvironment(given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

describe("inputs", () => {
  test("that are empty are not given", () => {
    expect(inputsOf({ config: "", mode: " ", "github-token": "" })).toEqual({
      command: "auto",
      targets: [],
      githubApiUrl: "https://api.github.com",
      cautions: [],
    });
  });

  test("are read by the names that a runner gives them", () => {
    expect(
      inputsOf({
        command: "apply",
        config: "deploy/plumbline.yaml",
        targets: "production/*, staging/web\n\nstaging/api\n",
        kubeconfig: "/home/runner/.kube/config",
        context: "prod",
        "github-token": "ghs_x",
        "github-api-url": "https://github.example/api/v3/",
        mode: "dry-run",
        comment: "on-change",
        "fail-on": "never",
        "stale-plan": "refuse",
        timeout: "1h30m",
        plans: "plans",
        "working-directory": "shop",
      }),
    ).toEqual({
      command: "apply",
      config: "deploy/plumbline.yaml",
      targets: ["production/*", "staging/web", "staging/api"],
      kubeconfig: { kind: "path", path: "/home/runner/.kube/config" },
      context: "prod",
      githubToken: "ghs_x",
      githubApiUrl: "https://github.example/api/v3",
      mode: "dry-run",
      comment: "on-change",
      failOn: "never",
      stalePlan: "refuse",
      timeout: "1h30m",
      plans: "plans",
      workingDirectory: "shop",
      cautions: [],
    });
  });

  test.each(["apiVersion: v1\nkind: Config\n", '{"apiVersion": "v1"}'])(
    "a kubeconfig may be given as content: %j",
    (content) => {
      expect(inputsOf({ kubeconfig: content }).kubeconfig).toEqual({ kind: "content", content: content.trim() });
    },
  );

  test("are those of action.yml", async () => {
    const action = parse(await readFile(join(import.meta.dirname, "../../action.yml"), "utf8")) as {
      inputs: Record<string, { default?: string }>;
    };
    expect(Object.keys(action.inputs)).toEqual([...INPUTS]);
    const defaults = Object.entries(action.inputs).flatMap(([name, input]) =>
      input.default === undefined ? [] : [[name, input.default]],
    );
    expect(Object.fromEntries(defaults)).toEqual({
      command: "auto",
      "github-token": "${{ github.token }}",
      "github-api-url": "${{ github.api_url }}",
    });
  });
});

describe("mistakes in inputs", () => {
  test("are found all at once", () => {
    expect(
      problemsOf({
        command: "deploy",
        config: "../x",
        comment: "Always",
        "fail-on": "drift",
        timeout: "0s",
        "github-api-url": "http://github.example",
        targts: "a",
      }),
    ).toEqual([
      'error input-invalid input config is "../x"; write a path relative to the repository\'s root, inside it',
      'error input-invalid input comment is "Always"; write one of auto, always, on-change, never',
      'error input-invalid input fail-on is "drift"; write one of error, blockers, changes, never',
      'error input-invalid input timeout is "0s"; write a duration such as 90s, 5m or 1h30m',
      'error input-invalid input command is "deploy"; write one of auto, targets, plan, apply, drift, report',
      "error input-invalid input github-api-url is not an https address; write https://..., without user, query and fragment",
      'caution input-invalid input "targts" is not known; write targets, or remove it',
    ]);
  });

  test("that are only unknown names are cautions", () => {
    expect(problemsOf({ github_token: "x", "something-else": "x" })).toEqual([
      'caution input-invalid input "github_token" is not known; write github-token, or remove it',
      `caution input-invalid input "something-else" is not known; remove it; the inputs are ${INPUTS.join(", ")}`,
    ]);
  });

  test("a mode that there is not", () => {
    expect(problemsOf({ mode: "server" })).toEqual([
      'error input-invalid input mode is "server"; write one of auto, dry-run, read-only, offline',
    ]);
    expect(inputsOf({ mode: "read-only" })).toMatchObject({ mode: "read-only" });
  });

  test("values without code are said to be that", () => {
    expect(problemsOf({ command: "images", "stale-plan": "warn" })).toEqual([
      "error not-supported-yet input stale-plan: warn is not supported yet; write refuse",
      "error not-supported-yet input command: images is not supported yet; write one of auto, targets, plan, apply, drift, report",
    ]);
  });

  test("never repeat what may be a credential", () => {
    const secret = "c2VjcmV0".repeat(40);
    expect(
      problemsOf({ kubeconfig: secret, "github-api-url": "https://me:hunter2@github.example" }).join("\n"),
    ).not.toMatch(/c2Vj|hunter2/);
  });

  test.each(["https://api.github.com", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1"])(
    "%s may be asked",
    (url) => {
      expect(inputsOf({ "github-api-url": url }).githubApiUrl).toBe(url);
    },
  );

  test.each(["http://10.0.0.1", "http://127.0.0.1.example", "ftp://x", "github.com", "https://x?y", "javascript:1"])(
    "%s may not be asked",
    (url) => {
      expect(problemsOf({ "github-api-url": url })).toHaveLength(1);
    },
  );
});
