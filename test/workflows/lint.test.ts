import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, expect, test, type TestContext } from "vitest";
import { parse } from "yaml";
import { goProgram } from "./go-program.ts";
import { runProgram } from "./program.ts";
import { programOrSkip } from "./provided.ts";
import { workflowFiles, type WorkflowFile } from "./workflow-file.ts";
import { zizmorProgram } from "./zizmor.ts";

// Programs that are not cached yet are built or downloaded inside the test.
const FIRST_TIME = { timeout: 10 * 60_000 };

const FOLDER = mkdtempSync(join(tmpdir(), "workflows-"));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const files = workflowFiles();
const workflows = files.filter(({ text }) => /^jobs:/m.test(text));
const inTexts = files.filter(({ name }) => name.includes(".md:"));
const inFiles = files.filter((file) => !inTexts.includes(file));

const HOSTILE: WorkflowFile = {
  name: "hostile/hostile.yaml",
  text: `name: Hostile
on: pull_request_target
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - run: echo "\${{ github.head_ref }}"
`,
};

// GitHub has had the key since 2026-05-07: https://github.blog/changelog/2026-05-07-github-actions-concurrency-groups-now-allow-larger-queues
const UNKNOWN_QUEUE = 'unexpected key "queue" for "concurrency" section';

test("actionlint finds nothing", FIRST_TIME, async (context) => {
  expect(await actionlint(context, workflows, ["-ignore", UNKNOWN_QUEUE])).toEqual([]);
});

// The day actionlint knows the key, this fails and says that nothing need be ignored any more.
test("all that actionlint is not heard on is the key queue", FIRST_TIME, async (context) => {
  const queues = workflows.flatMap(({ text }) => text.match(/^ +queue: max$/gm) ?? []);
  const found = await actionlint(context, workflows, []);
  expect(found.filter((line) => line.includes(UNKNOWN_QUEUE))).toHaveLength(queues.length);
});

test("actionlint finds an expression in a script that a stranger can write", FIRST_TIME, async (context) => {
  expect(await actionlint(context, [HOSTILE], [])).toEqual([
    expect.stringContaining('"github.head_ref" is potentially untrusted'),
  ]);
});

test("zizmor finds nothing in files, not even a smell", FIRST_TIME, async (context) => {
  expect(await zizmor(context, inFiles, "pedantic")).toEqual([]);
});

// A workflow in a text is short: names and concurrency would hide what it shows.
test.skipIf(inTexts.length === 0)("zizmor finds nothing in the workflows of texts", FIRST_TIME, async (context) => {
  expect(await zizmor(context, inTexts, "regular")).toEqual([]);
});

test("zizmor finds what is dangerous", FIRST_TIME, async (context) => {
  expect(await zizmor(context, [HOSTILE], "regular")).toEqual([
    "hostile.yaml: artipacked",
    "hostile.yaml: dangerous-triggers",
    "hostile.yaml: excessive-permissions",
    "hostile.yaml: template-injection",
    "hostile.yaml: unpinned-uses",
  ]);
});

test.each(workflows)("$name gives no permission but those a job gets, each with its reason", ({ text }) => {
  const { permissions, jobs } = parse(text) as Workflow;
  expect(permissions).toEqual({});
  const granted = Object.values(jobs).map((job) => Object.keys(job.permissions ?? { missing: "" }));
  const explained = text.match(/^ {6}[a-z-]+: (?:read|write) # \S/gm) ?? [];
  expect(explained.map((line) => line.trim().split(":")[0])).toEqual(granted.flat());
});

test.each(files)("$name pins every action by SHA, with its version beside it", ({ text }) => {
  const uses = text.match(/^\s*(?:- )?uses: .*$/gm) ?? [];
  const good = /uses: (?:\.\/|acme\/plumbline@[0-9a-f]{40} # \S|[^@]+@[0-9a-f]{40} # v\d)/;
  expect(uses.filter((line) => !good.test(line))).toEqual([]);
});

// What runs after a checkout may be a stranger's, and must not find the token on the disk.
test.each(workflows)("$name leaves no credential behind a checkout", ({ text }) => {
  const { jobs } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
  expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
});

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[];
}

/** The findings, a line each. */
async function actionlint(
  context: TestContext,
  inputs: readonly WorkflowFile[],
  args: readonly string[],
): Promise<readonly string[]> {
  const file = programOrSkip(await goProgram("actionlint"), context);
  // shellcheck and pyflakes are whatever the machine has: another machine would find something else.
  const alone = ["-oneline", "-no-color", "-shellcheck=", "-pyflakes="];
  const result = await runProgram(file, [...alone, ...args, ...inputs.map(written)], { cwd: FOLDER });
  if ((result.code ?? 3) > 1) throw new Error(`actionlint: ended with ${result.code}\n${result.stderr}`);
  return result.stdout.split("\n").filter((line) => line !== "");
}

/** The findings, each as `file: audit`. */
async function zizmor(
  context: TestContext,
  inputs: readonly WorkflowFile[],
  persona: "pedantic" | "regular",
): Promise<readonly string[]> {
  const file = programOrSkip(await zizmorProgram(), context);
  const alone = ["--offline", "--no-progress", "--no-config", "--strict-collection", "--format=json"];
  const result = await runProgram(file, [...alone, `--persona=${persona}`, ...inputs.map(written)], { cwd: FOLDER });
  // 11 to 14 are the exit codes of findings.
  if (result.code !== 0 && (result.code ?? 0) < 11)
    throw new Error(`zizmor: ended with ${result.code}\n${result.stderr}`);
  const findings = JSON.parse(result.stdout) as readonly Finding[];
  return [...new Set(findings.map(({ ident, locations }) => `${nameOf(locations)}: ${ident}`))].toSorted();
}

interface Finding {
  readonly ident: string;
  readonly locations: readonly {
    readonly symbolic: { readonly key: { readonly Local?: { readonly verbatim_path: string } } };
  }[];
}

function nameOf(locations: Finding["locations"]): string {
  return basename(locations[0]?.symbolic.key.Local?.verbatim_path ?? "?");
}

/** The text as a file of its own, so that neither linter reads anything else of the repository. */
function written({ name, text }: WorkflowFile): string {
  const path = join(FOLDER, name.replace(/[.]md:(\d+)$/, ".md-$1.yaml"));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
