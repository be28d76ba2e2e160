import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { chmod, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DOWNLOADS, type Download, type Downloads } from "../../src/render/downloads.ts";
import { createTools } from "../../src/render/tools.ts";
import type { ToolName, Tools } from "../../src/render/tool.ts";
import { isAtLeast, MINIMUM, versionIn } from "../../src/render/version.ts";
import { createExec } from "../../src/system/process.ts";
import { folderOf } from "./repository.ts";
import { script } from "./stub-tool.ts";

const SIGNAL = new AbortController().signal;

describe("versions", () => {
  test.each([
    ["v5.8.1\n", "v5.8.1"],
    ["{Version:kustomize/v4.5.7 GitCommit:x}", "v4.5.7"],
    ["v3.18.5+gb78692c", "v3.18.5+gb78692c"],
    ["v4.3", "v4.3"],
    ["(devel)", undefined],
  ])("in %j is %j", (output, version) => {
    expect(versionIn(output)).toBe(version);
  });

  test.each([
    ["v3.18.5", "v3.18.5", true],
    ["v3.18.4", "v3.18.5", false],
    ["v3.9.9", "v3.18.5", false],
    ["v4.0", "v3.18.5", true],
    ["v3.18", "v3.18.5", false],
    ["v3.19.0-rc.1", "v3.18.5", true],
  ])("%s is at least %s: %s", (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});

interface Finding {
  readonly searchPath: string;
  readonly untrusted?: readonly string[];
  readonly cache?: string;
  readonly downloads?: Downloads;
}

function toolsOf({ searchPath, untrusted = [], cache = "/no/cache", downloads = {} }: Finding): Tools {
  return createTools({ exec: createExec(), path: searchPath, untrusted, cache, downloads, platform: "linux-x64" });
}

async function printing(folder: string, name: ToolName, version: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return script(folder, name, `echo ${version}`);
}

describe("a program on the search path", () => {
  test("is taken when it is recent enough", async () => {
    await using folder = await folderOf({});
    const file = await printing(folder.root, "helm", "v4.1.0+gabc");
    expect(await toolsOf({ searchPath: folder.root }).find("helm", SIGNAL)).toEqual({
      name: "helm",
      file,
      version: "v4.1.0+gabc",
    });
  });

  test("is passed over when it is too old, broken or not a program", async () => {
    await using folder = await folderOf({ "none/helm": "no program" });
    await printing(path.join(folder.root, "old"), "helm", "v3.18.4");
    await mkdir(path.join(folder.root, "broken"));
    await script(path.join(folder.root, "broken"), "helm", "#!/no/interpreter");
    const file = await printing(path.join(folder.root, "new"), "helm", "v3.18.5");
    const searchPath = ["none", "old", "broken", "missing", "new"]
      .map((name) => path.join(folder.root, name))
      .join(":");
    expect((await toolsOf({ searchPath }).find("helm", SIGNAL)).file).toBe(file);
  });

  test("is never taken from the workspace, directly, through a link or by a relative entry", async () => {
    await using workspace = await folderOf({});
    await using outside = await folderOf({});
    await printing(path.join(workspace.root, "bin"), "kustomize", "v5.8.1");
    await symlink(path.join(workspace.root, "bin"), path.join(outside.root, "linked"));
    const trusted = await printing(path.join(outside.root, "bin"), "kustomize", "v5.8.1");
    await symlink(trusted, path.join(workspace.root, "kustomize"));
    const searchPath = [
      path.join(workspace.root, "bin"),
      workspace.root,
      path.join(outside.root, "linked"),
      "bin",
      "",
      ".",
    ].join(":");
    const finding = { searchPath, untrusted: [workspace.root] };
    await expect(toolsOf(finding).find("kustomize", SIGNAL)).rejects.toMatchObject({ code: "tool-missing" });
    const both = { ...finding, searchPath: `${searchPath}:${path.join(outside.root, "bin")}` };
    expect((await toolsOf(both).find("kustomize", SIGNAL)).file).toBe(trusted);
  });

  test("is asked once", async () => {
    await using folder = await folderOf({});
    await script(folder.root, "helm", `echo x >> ${path.join(folder.root, "asked")}; echo v4.0.0`);
    const tools = toolsOf({ searchPath: folder.root });
    await Promise.all([tools.find("helm", SIGNAL), tools.find("helm", SIGNAL)]);
    await tools.find("helm", SIGNAL);
    expect(await readFile(path.join(folder.root, "asked"), "utf8")).toBe("x\n");
  });

  test("that is missing on an unknown platform is a failure with a remedy", async () => {
    await expect(toolsOf({ searchPath: "" }).find("helm", SIGNAL)).rejects.toMatchObject({
      code: "tool-missing",
      remedy: "install helm outside the workspace",
    });
  });
});

describe("a program that is fetched", async () => {
  const mirror = await startMirror();
  afterAll(() => mirror[Symbol.asyncDispose]());

  function downloads(changes: Partial<Download> = {}): Downloads {
    const download: Download = {
      tool: "kustomize",
      version: "v5.8.1",
      url: `${mirror.url}/archive.tar.gz`,
      sha256: mirror.sha256,
      member: "bin/kustomize",
      ...changes,
    };
    return { "linux-x64": { kustomize: download, helm: { ...download, tool: "helm" } } };
  }

  test("is verified, unpacked and kept", async () => {
    await using cache = await folderOf({});
    const finding = { searchPath: "/usr/bin:/bin", cache: cache.root, downloads: downloads() };
    const tool = await toolsOf(finding).find("kustomize", SIGNAL);
    expect(tool.version).toBe("v5.8.1");
    expect(tool.file.startsWith(cache.root)).toBe(true);
    const requests = mirror.requests();
    expect((await toolsOf(finding).find("kustomize", SIGNAL)).file).toBe(tool.file);
    expect(mirror.requests()).toBe(requests);
    expect(await readdir(cache.root)).toHaveLength(1);
  });

  test("with another checksum is refused, and leaves nothing", async () => {
    await using cache = await folderOf({});
    const finding = {
      searchPath: "/usr/bin:/bin",
      cache: cache.root,
      downloads: downloads({ sha256: "0".repeat(64) }),
    };
    await expect(toolsOf(finding).find("kustomize", SIGNAL)).rejects.toMatchObject({
      code: "tool-missing",
      message: `kustomize v5.8.1: the archive at ${mirror.url}/archive.tar.gz has the SHA-256 ${mirror.sha256}, expected ${"0".repeat(64)}`,
      remedy: `install kustomize ${MINIMUM.kustomize} or newer in an earlier step, outside the workspace`,
    });
    expect(await readdir(cache.root)).toEqual([]);
  });

  test("that the server does not have is a failure that names the address, and the next question asks again", async () => {
    await using cache = await folderOf({});
    const tools = toolsOf({
      searchPath: "/usr/bin:/bin",
      cache: cache.root,
      downloads: downloads({ url: `${mirror.url}/missing` }),
    });
    const missing = {
      code: "tool-missing",
      message: expect.stringContaining(`could not be downloaded from ${mirror.url}/missing (`) as string,
    };
    await expect(tools.find("kustomize", SIGNAL)).rejects.toMatchObject(missing);
    const requests = mirror.requests();
    await expect(tools.find("kustomize", SIGNAL)).rejects.toMatchObject(missing);
    expect(mirror.requests()).toBe(requests + 1);
  });

  test("whose archive lacks the program is a failure", async () => {
    await using cache = await folderOf({});
    const finding = { searchPath: "/usr/bin:/bin", cache: cache.root, downloads: downloads({ member: "bin/other" }) };
    await expect(toolsOf(finding).find("kustomize", SIGNAL)).rejects.toMatchObject({
      code: "tool-missing",
      message: "kustomize v5.8.1: the archive could not be unpacked",
    });
  });
});

test("every pinned release has an address, a checksum and a version that is new enough", () => {
  const all = Object.values(DOWNLOADS).flatMap((tools) => Object.entries(tools ?? {}));
  expect(all).toHaveLength(8);
  expect(new Set(all.map(([, { sha256 }]) => sha256)).size).toBe(8);
  for (const [name, { url, sha256, version, tool }] of all) {
    expect(tool).toBe(name);
    expect(url).toMatch(/^https:\/\/(github\.com|get\.helm\.sh)\/.*\.tar\.gz$/);
    expect(url).toContain(version);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(isAtLeast(version, MINIMUM[tool])).toBe(true);
  }
});

interface Mirror extends AsyncDisposable {
  readonly url: string;
  readonly sha256: string;
  requests(): number;
}

/** A server on loopback with one archive that holds a program `bin/kustomize`. */
async function startMirror(): Promise<Mirror> {
  const archive = await packProgram();
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    response
      .writeHead(request.url === "/archive.tar.gz" ? 200 : 404)
      .end(request.url === "/archive.tar.gz" ? archive : "not found");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sha256: createHash("sha256").update(archive).digest("hex"),
    requests: () => requests,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function packProgram(): Promise<Buffer> {
  await using folder = await folderOf({ "bin/kustomize": "#!/bin/sh\necho v5.8.1\n", "bin/README": "text" });
  await chmod(path.join(folder.root, "bin/kustomize"), 0o755);
  const pack = {
    file: "/bin/tar",
    args: ["-czf", "archive.tar.gz", "bin"],
    cwd: folder.root,
    env: { PATH: "/usr/bin:/bin" },
    timeoutMilliseconds: 10_000,
    maxOutputBytes: 1024,
  };
  await createExec().run(pack, SIGNAL);
  return await readFile(path.join(folder.root, "archive.tar.gz"));
}
