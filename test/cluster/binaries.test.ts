import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { access, constants, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { afterEach, beforeEach, expect, test } from "vitest";

import { provideBinaries } from "./binaries.ts";
import type { BinariesOptions } from "./binaries.ts";
import { cacheFolder, pinnedVersions } from "./cache-folder.ts";
import { releaseOf } from "./release.ts";
import type { Publishers } from "./release.ts";
import { TOOLS } from "./tool.ts";
import type { Tool } from "./tool.ts";

const LINUX = { os: "linux", arch: "x64" } as const;
const versions = pinnedVersions();

let home: string;
let mirror: Mirror;
let said: string[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "plumbline-test-"));
  mirror = await startMirror();
  said = [];
});

afterEach(async () => {
  mirror.server.close();
  mirror.server.closeAllConnections();
  await rm(home, { recursive: true, force: true });
});

test("without Go the official binaries are downloaded, verified and executable", async () => {
  const tools = await provideBinaries(withoutGo());

  expect(await contents(tools)).toEqual(Object.fromEntries(TOOLS.map((tool) => [tool, contentOf(tool)])));
  for (const tool of TOOLS) await access(tools[tool], constants.X_OK);
  expect(await readdir(cache())).toEqual(TOOLS.toSorted());
  expect(said[0]).toBe(
    `control plane: go is not installed, so downloading 8 official binaries into ${cache()}; all 8 are about 450 MB`,
  );
  expect(said[1]).toBe("downloading etcd, 1 of 8 ...");
});

test("what is in the cache is not fetched again", async () => {
  await provideBinaries(withoutGo());
  mirror.requests.length = 0;
  said.length = 0;

  await provideBinaries(withoutGo());

  expect(mirror.requests).toEqual([]);
  expect(said).toEqual([`control plane: 8 tools from ${cache()}`]);
});

test.each<Tool>(["etcd", "kube-apiserver", "kwok", "kustomize", "helm"])(
  "%s is refused if it is not what its publisher announced, and nothing of it is kept",
  async (tool) => {
    const { url } = releaseOf(tool, versions, LINUX, mirror.publishers);
    mirror.answers.set(new URL(url).pathname, { status: 200, body: Buffer.from("something else") });

    await expect(provideBinaries(withoutGo())).rejects.toThrow(
      new RegExp(`^${tool}: ${url} is not what its publisher announced: sha256 is [0-9a-f]{64}, .* says [0-9a-f]{64};`),
    );

    expect(await readdir(cache())).toEqual(TOOLS.slice(0, TOOLS.indexOf(tool)).toSorted());
  },
);

test("a binary that is not published gives one message", async () => {
  const { url } = releaseOf("kube-apiserver", versions, LINUX, mirror.publishers);
  mirror.answers.delete(new URL(url).pathname);
  await expect(provideBinaries(withoutGo())).rejects.toThrow(
    `kube-apiserver: ${url} answered 404; check the network, install Go, or set KUBEBUILDER_ASSETS to a folder that has it`,
  );
});

test("a binary without a published checksum is not downloaded", async () => {
  const { url, checksum } = releaseOf("kwok", versions, LINUX, mirror.publishers);
  const assets = [{ name: "kwok-linux-amd64", digest: null }];
  mirror.answers.set(new URL(checksum.url).pathname, { status: 200, body: Buffer.from(JSON.stringify({ assets })) });

  await expect(provideBinaries(withoutGo())).rejects.toThrow(`${checksum.url} has no checksum of kwok-linux-amd64`);

  expect(mirror.requests).not.toContain(new URL(url).pathname);
});

test("a publisher that is overloaded is asked again", async () => {
  const path = new URL(releaseOf("etcd", versions, LINUX, mirror.publishers).url).pathname;
  mirror.failOnce.add(path);
  const tools = await provideBinaries(withoutGo());
  expect(await readFile(tools.etcd, "utf8")).toBe(contentOf("etcd"));
  expect(mirror.requests.filter((request) => request === path)).toHaveLength(2);
});

test("a publisher that cannot be reached gives one message", async () => {
  mirror.server.close();
  await expect(provideBinaries(withoutGo())).rejects.toThrow(
    /^etcd: http:\/\/127\.0\.0\.1:\d+\/etcd-io\/\S+ could not be read; check the network, install Go, or set/,
  );
});

test("where neither Go nor an official binary exists, the remedy is Go", async () => {
  const platform = { os: "darwin", arch: "arm64" } as const;
  await expect(provideBinaries({ ...withoutGo(), platform })).rejects.toThrow(
    "etcd: no official binary is published for darwin/arm64; install Go, which builds it here",
  );
});

test("with Go every tool is built from the pinned module, without cgo, with the version it is to say", async () => {
  const tools = await provideBinaries(await withGo());

  expect(await readdir(cache())).toEqual(TOOLS.toSorted());
  const kubectl = await readFile(tools.kubectl, "utf8");
  expect(kubectl).toContain("CGO_ENABLED=0\n");
  expect(kubectl).toContain("k8s.io/kubernetes/cmd/kubectl\n");
  expect(kubectl).toContain(`-X k8s.io/component-base/version.gitVersion=${versions.kubernetes} `);
  expect(await readFile(tools.helm, "utf8")).toContain(`version.version=${versions.helm}\n`);
  expect(said[0]).toMatch(/^control plane: building 8 tools with Go into .*; all 8 take about 6 minutes on 2 cores/);
  expect(said).toContain("building kube-apiserver, 2 of 8 ...");
  expect(mirror.requests).toEqual([]);
});

test("a build that fails shows the compiler's last lines and leaves nothing of the tool", async () => {
  const options = await withGo({ failing: "kube-scheduler" });
  await expect(provideBinaries(options)).rejects.toThrow(
    /^kube-scheduler: go build ended with 1; .*\nno space left on device$/,
  );
  expect((await readdir(cache())).toSorted()).toEqual(TOOLS.slice(0, 3).toSorted());
});

test("a Go that is too old counts as none", async () => {
  await provideBinaries(await withGo({ failing: "version" }));
  expect(said[0]).toContain("control plane: go is too old or broken: no space left on device, so downloading 8");
});

test("of two that want the tools at once, one builds and the other waits", async () => {
  const options = await withGo();
  const [one, two] = await Promise.all([provideBinaries(options), provideBinaries(options)]);
  expect(one).toEqual(two);
  expect(said.filter((line) => line.startsWith("building etcd") && line.endsWith("..."))).toHaveLength(1);
  expect(said).toContain(`control plane: waiting for another process that fills ${cache()}`);
  expect(await readdir(cache())).toEqual(TOOLS.toSorted());
});

test("the lock and the half-made tools of a process that was killed do not stand in the way", async () => {
  await mkdir(cache(), { recursive: true });
  for (const name of ["lock", "etcd.0000.partial"]) {
    await writeFile(join(cache(), name), "");
    const twoHoursAgo = new Date(Date.now() - 7_200_000);
    await utimes(join(cache(), name), twoHoursAgo, twoHoursAgo);
  }
  await provideBinaries(withoutGo());
  expect(await readdir(cache())).toEqual(TOOLS.toSorted());
});

test("KUBEBUILDER_ASSETS comes first, and only what it lacks is fetched", async () => {
  const assets = await assetsFolder(["etcd", "kube-apiserver", "kubectl"], "Kubernetes v1.30.0");
  const options = withoutGo({ KUBEBUILDER_ASSETS: assets });

  const tools = await provideBinaries(options);

  expect(tools.etcd).toBe(join(assets, "etcd"));
  expect(tools.helm).toBe(join(cache(), "helm"));
  expect(existsSync(join(cache(), "kubectl"))).toBe(false);
  expect(said.slice(0, 3)).toEqual([
    `control plane: etcd, kube-apiserver, kubectl from KUBEBUILDER_ASSETS (${assets})`,
    "control plane: kube-controller-manager, kube-scheduler, kwok, kustomize, helm not there, so from the cache",
    `control plane: kube-apiserver is v1.30.0, the tests were written for ${versions.kubernetes}`,
  ]);
});

test("a KUBEBUILDER_ASSETS without any tool is a mistake, not a wish to download", async () => {
  const options = withoutGo({ KUBEBUILDER_ASSETS: join(home, "nowhere") });
  await expect(provideBinaries(options)).rejects.toThrow(
    /^KUBEBUILDER_ASSETS: \S+\/nowhere has none of etcd, .*; correct it, or unset it$/,
  );
  expect(mirror.requests).toEqual([]);
});

test("a KUBEBUILDER_ASSETS for another machine is told", async () => {
  const assets = await assetsFolder(["kube-apiserver"], "; exit 126");
  await expect(provideBinaries(withoutGo({ KUBEBUILDER_ASSETS: assets }))).rejects.toThrow(
    `KUBEBUILDER_ASSETS: ${assets}/kube-apiserver does not run here; correct it, or unset it`,
  );
});

test("the cache is XDG_CACHE_HOME's, else ~/.cache, and a relative XDG_CACHE_HOME is ignored", () => {
  const tail = /\/plumbline\/control-plane\/[0-9a-f]{16}$/;
  expect(cacheFolder({ XDG_CACHE_HOME: "/cache", HOME: "/home/amy" })).toMatch(/^\/cache\//);
  expect(cacheFolder({ HOME: "/home/amy" })).toMatch(/^\/home\/amy\/\.cache\//);
  expect(cacheFolder({ XDG_CACHE_HOME: "cache", HOME: "/home/amy" })).toMatch(/^\/home\/amy\/\.cache\//);
  expect(cacheFolder({ HOME: "/home/amy" })).toMatch(tail);
});

interface Reply {
  readonly status: number;
  readonly body: Uint8Array;
}

/** All publishers in one: answers as they do, by path. */
interface Mirror {
  readonly server: Server;
  readonly publishers: Publishers;
  readonly answers: Map<string, Reply>;
  readonly requests: string[];
  /** Paths whose next request is answered 503. */
  readonly failOnce: Set<string>;
}

async function startMirror(): Promise<Mirror> {
  const answers = new Map<string, Reply>();
  const requests: string[] = [];
  const failOnce = new Set<string>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    const { status, body } = failOnce.delete(path)
      ? { status: 503, body: Buffer.from("busy") }
      : (answers.get(path) ?? { status: 404, body: Buffer.from("not found") });
    response.writeHead(status).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publishers = { kubernetes: url, github: url, githubApi: url, helm: url };
  for (const tool of TOOLS)
    for (const [path, body] of published(tool, publishers)) answers.set(path, { status: 200, body });
  return { server, publishers, answers, requests, failOnce };
}

/** What the publisher of a tool has: the file and its checksum, each in the form of that publisher. */
function published(tool: Tool, publishers: Publishers): readonly (readonly [string, Uint8Array])[] {
  const { url, asset, checksum, form } = releaseOf(tool, versions, LINUX, publishers);
  const program = Buffer.from(contentOf(tool));
  const file = form === "archive" ? archiveOf(`some-folder/${tool}`, program) : program;
  const hex = createHash("sha256").update(file).digest("hex");
  const bare = tool.startsWith("kube");
  const list = bare ? hex : `${"0".repeat(64)}  another-file.tar.gz\n${hex}  ${asset}\n`;
  const release = JSON.stringify({ assets: [{ name: asset, digest: `sha256:${hex}` }] });
  return [
    [new URL(url).pathname, file],
    [new URL(checksum.url).pathname, Buffer.from(checksum.kind === "list" ? list : release)],
  ];
}

function archiveOf(name: string, content: Uint8Array): Uint8Array {
  const readme = entry("some-folder/README.md", Buffer.from("read me\n"));
  const folder = entry("some-folder/", Buffer.alloc(0), "5");
  return gzipSync(Buffer.concat([folder, readme, entry(name, content), Buffer.alloc(1024)]));
}

function entry(name: string, content: Uint8Array, type = "0"): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, "0"), 124);
  header.write(type, 156);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function contentOf(tool: Tool): string {
  return `the program ${tool}\n`.repeat(40);
}

function cache(): string {
  return cacheFolder({ HOME: home });
}

function withoutGo(env: NodeJS.ProcessEnv = {}): BinariesOptions {
  return {
    env: { HOME: home, PATH: join(home, "empty"), ...env },
    say: (line) => void said.push(line),
    publishers: mirror.publishers,
    platform: LINUX,
  };
}

/** With a Go that builds nothing: each tool becomes the text of how it was to be built. */
async function withGo({ failing = "nothing" }: { readonly failing?: string } = {}): Promise<BinariesOptions> {
  const bin = join(home, "bin");
  await mkdir(bin);
  const script = `#!/bin/sh
case "$*" in *${failing}*) echo "no space left on device" >&2; exit 1;; esac
[ "$1" = build ] || exit 0
for argument in "$@"; do
  [ "$previous" != -o ] || output=$argument
  previous=$argument
done
echo "CGO_ENABLED=$CGO_ENABLED" > "$output"
for argument in "$@"; do echo "$argument" >> "$output"; done
`;
  await writeFile(join(bin, "go"), script, { mode: 0o755 });
  return withoutGo({ PATH: bin });
}

async function assetsFolder(tools: readonly Tool[], version: string): Promise<string> {
  const folder = join(home, "assets");
  await mkdir(folder);
  for (const tool of tools) await writeFile(join(folder, tool), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  return folder;
}

async function contents(tools: Readonly<Record<Tool, string>>): Promise<Readonly<Record<string, string>>> {
  const pairs = TOOLS.map(async (tool) => [tool, await readFile(tools[tool], "utf8")] as const);
  return Object.fromEntries(await Promise.all(pairs));
}
