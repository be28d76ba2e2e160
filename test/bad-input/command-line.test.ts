import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { gitFixture, type GitFixture } from "../system/git-fixture.ts";
import { plumb } from "./plumb.ts";

let fixture: GitFixture;
let clone: string;

beforeAll(async () => {
  fixture = await gitFixture();
  await fixture.commit({
    "deploy/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n",
  });
  clone = await fixture.clone("clone");
});

afterAll(() => fixture[Symbol.asyncDispose]());

test.each<[arguments_: string, code: number, told: string]>([
  ["", 2, "plumb: no command is given; see plumb --help\n"],
  ["aply", 2, 'plumb: there is no command "aply", did you mean apply?; see plumb --help\n'],
  ["deploy", 2, 'plumb: there is no command "deploy"; see plumb --help\n'],
  ["images", 2, "plumb: command images is not supported yet; see plumb --help\n"],
  ["plan --outpt json", 2, "plumb: unknown option '--outpt'; see plumb --help\n"],
  ["plan --base", 2, "plumb: option '--base <value>' argument missing; see plumb --help\n"],
  ["plan --offline=yes", 2, "plumb: option '--offline' does not take an argument; see plumb --help\n"],
  ["plan --output yaml", 2, 'plumb: --output is "yaml"; it is one of text, json, markdown, html; see plumb --help\n'],
  ["plan --timeout soon", 2, 'plumb: --timeout is "soon"; write a duration such as 90s or 5m; see plumb --help\n'],
  ["apply --offline", 2, "plumb: --offline says nothing to apply; it belongs to plan; see plumb --help\n"],
  [
    "plan --mode server",
    2,
    'plumb: --mode is "server"; it is one of auto, dry-run, read-only, offline; see plumb --help\n',
  ],
  ["plan --offline --mode dry-run", 2, "plumb: --offline and --mode dry-run exclude each other; see plumb --help\n"],
  ["plan --shadow 101", 2, 'plumb: --shadow is "101"; write a whole number from 0 to 100; see plumb --help\n'],
  ["apply --mode offline", 2, "plumb: --mode says nothing to apply; it belongs to plan; see plumb --help\n"],
  ["targets --exact", 2, "plumb: --exact says nothing to targets; it belongs to plan; see plumb --help\n"],
  ["drift --base main", 2, "plumb: --base says nothing to drift; it belongs to plan; see plumb --help\n"],
  [
    "plan --head nowhere --offline",
    2,
    'plumb: --head is "nowhere", which names no commit here or on origin; see plumb --help\n',
  ],
  ["plan --base=-x --offline", 2, 'plumb: --base is "-x", which names no commit here or on origin; see plumb --help\n'],
])("plumb %s", async (words, code, told) => {
  expect(await plumb(words.split(" ").filter(Boolean), { cwd: clone, home: fixture.path })).toEqual({
    code,
    stdout: "",
    stderr: told,
  });
});

test("outside of a repository the folder is what is wrong", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "no-repository-"));
  expect(await plumb(["plan", "--offline"], { cwd, home: fixture.path })).toEqual({
    code: 2,
    stdout: "",
    stderr: "plumb: this folder is in no Git repository with a commit; see plumb --help\n",
  });
});

test("--help says how it is used and ends well", async () => {
  const { code, stdout } = await plumb(["--help"], { cwd: clone, home: fixture.path });
  expect({ code, firstLine: stdout.split("\n")[0] }).toEqual({
    code: 0,
    firstLine: "usage: plumb <command> [target...] [options]",
  });
});

test("--version says the version of the package", async () => {
  const { version } = manifest;
  expect(await plumb(["--version"], { cwd: clone, home: fixture.path })).toEqual({
    code: 0,
    stdout: `plumb ${version}\n`,
    stderr: "",
  });
});

test("a configuration that is asked for by name must exist: its place is not taken by the folders", async () => {
  const { code, stdout } = await plumb(["plan", "--offline", "--config", "ops/plumbline.yaml"], {
    cwd: clone,
    home: fixture.path,
  });
  expect({ code, told: stdout.split("\n")[0]?.trim() }).toEqual({
    code: 2,
    told: "error: configuration ops/plumbline.yaml: this commit has no such file",
  });
});
