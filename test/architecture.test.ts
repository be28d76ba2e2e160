import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

const LEVEL_1 = ["config", "trigger", "manifest", "schema", "diff", "preflight", "rollout", "images", "report"];
const ADAPTERS = ["render", "kube", "github", "registry", "notify", "system"];
const ENTRIES = ["action.ts", "cli.ts", "bot.ts", "renderer.ts"];

/** What each place may import from `src/`, itself apart. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  "ports.ts": ["model"],
  "forge-ports.ts": ["model"],
  ...Object.fromEntries(
    LEVEL_1.map((folder) => [folder, folder === "report" ? ["model", "diff/lines.ts"] : ["model"]]),
  ),
  ...Object.fromEntries(ADAPTERS.map((folder) => [folder, ["model", "ports.ts", "forge-ports.ts"]])),
  // Inside the child process a renderer reads the manifests that it made.
  render: ["model", "ports.ts", "manifest"],
  flow: ["model", "ports.ts", "forge-ports.ts", ...LEVEL_1],
  "wire.ts": ["model", "ports.ts", "forge-ports.ts", ...LEVEL_1, ...ADAPTERS, "flow"],
  // The child process that renders is an entry of its own: it wires a parser and a few adapters, and nothing else.
  "renderer.ts": ["model", "ports.ts", "manifest", "render", "system"],
  "command-line.ts": ["model", ...LEVEL_1],
  ...Object.fromEntries(
    ["action.ts", "cli.ts", "bot.ts"].map((entry) => [
      entry,
      ["model", "ports.ts", ...LEVEL_1, "flow", "wire.ts", "system/log.ts", "command-line.ts"],
    ]),
  ),
};

/** Packages (and globals) that only these places may touch. */
const CONFINED: readonly { readonly what: RegExp; readonly where: RegExp }[] = [
  { what: /from "@kubernetes\/client-node"|import\("@kubernetes\/client-node"\)/, where: /^kube\/connect\.ts$/ },
  { what: /"@actions\/github"|"@octokit\//, where: /^github\/connect\.ts$/ },
  { what: /"@actions\/core"/, where: /^(?:action|system\/log)\.ts$/ },
  { what: /"@actions\/tool-cache"/, where: /^render\/tool-cache\.ts$/ },
  { what: /from "probot"/, where: /^bot\.ts$/ },
  { what: /from "diff"/, where: /^diff\/lines\.ts$/ },
  { what: /from "re2js"/, where: /^schema\// },
  { what: /from "(?:yaml|js-yaml)"/, where: /^(?:config|manifest|images)\// },
  { what: /from "node:child_process"/, where: /^system\/process\.ts$/ },
  { what: /\bprocess\.env\b/, where: /^(?:action|cli|bot|wire)\.ts$/ },
  {
    what: /\bprocess\.std(?:out|err)\b|\bconsole\.(?:log|error|warn|info|debug)\b/,
    where: /^(?:action|cli|bot|renderer|wire)\.ts$|^system\/(?:log|outputs)\.ts$/,
  },
  { what: /\bas SafeText\b/, where: /^report\/guard\.ts$/ },
];

const NOTHING_NAMES = "helpers?|utils?|manager|service|handler|common|misc|base|impl|data|info|index";
// As a whole name, or as what a name ends in; `merge-base` is a noun of Git.
const FORBIDDEN_NAMES = new RegExp(
  `(?:^|/)(?:${NOTHING_NAMES})(?:[.]ts|/)|-(?:helpers?|utils?|manager|service|handler)(?:[.]ts|/)`,
);

interface Source {
  readonly path: string;
  readonly text: string;
}

const sources: readonly Source[] = globSync("src/**/*.ts", { cwd: ROOT })
  .toSorted()
  .map((file) => ({ path: relative("src", file), text: readFileSync(join(ROOT, file), "utf8") }));

describe("the import rule", () => {
  test("looks at the whole product", () => {
    expect(sources.length).toBeGreaterThan(80);
  });

  test("holds for every file", () => {
    expect(sources.flatMap(violations)).toEqual([]);
  });

  test.each([
    ["model/ref.ts", `import { x } from "../diff/lines.ts";`, "model/ref.ts imports diff/lines.ts"],
    ["flow/plan.ts", `import { x } from "../kube/cluster.ts";`, "flow/plan.ts imports kube/cluster.ts"],
    ["kube/list.ts", `import { x } from "../github/pulls.ts";`, "kube/list.ts imports github/pulls.ts"],
    ["diff/lines.ts", `import { x } from "../report/html.ts";`, "diff/lines.ts imports report/html.ts"],
    ["github/pulls.ts", `const x = await import("../flow/plan.ts");`, "github/pulls.ts imports flow/plan.ts"],
    ["flow/plan.ts", `import { spawn } from "node:child_process";`, `flow/plan.ts: from "node:child_process"`],
    ["report/html.ts", `const x = text as SafeText;`, "report/html.ts: as SafeText"],
    ["flow/plan.ts", `console.log("x");`, "flow/plan.ts: console.log"],
    ["diff/utils.ts", "", "diff/utils.ts: a name that says nothing"],
  ])("is broken by %s with %s", (path, text, expected) => {
    expect(violations({ path, text }).join("\n")).toContain(expected);
  });
});

function violations({ path, text }: Source): readonly string[] {
  return [...importViolations(path, text), ...confinementViolations(path, text), ...nameViolations(path)];
}

function importViolations(path: string, text: string): readonly string[] {
  const place = placeOf(path);
  const allowed = MAY_IMPORT[place];
  if (allowed === undefined) return [`${path}: ${place} has no rule`];
  return importsOf(path, text)
    .filter((imported) => placeOf(imported) !== place)
    .filter((imported) => !allowed.includes(placeOf(imported)) && !allowed.includes(imported))
    .map((imported) => `${path} imports ${imported}`);
}

/** Imported files of `src/`, static and dynamic. */
function importsOf(path: string, text: string): readonly string[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => match[1] ?? "");
  return specifiers.map((specifier) => join(dirname(path), specifier));
}

function placeOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : path;
}

function confinementViolations(path: string, text: string): readonly string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return CONFINED.filter(({ what, where }) => what.test(code) && !where.test(path)).map(
    ({ what }) => `${path}: ${what.exec(code)?.[0] ?? ""}`,
  );
}

function nameViolations(path: string): readonly string[] {
  return FORBIDDEN_NAMES.test(path) ? [`${path}: a name that says nothing`] : [];
}

test("every entry is there", () => {
  expect(ENTRIES.filter((entry) => !sources.some(({ path }) => path === entry))).toEqual([]);
});
