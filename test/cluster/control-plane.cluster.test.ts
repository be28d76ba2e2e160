import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { afterEach, expect, test, vi } from "vitest";

import { apiOf } from "./api.ts";
import { startControlPlane } from "./control-plane.ts";
import type { ControlPlane } from "./control-plane.ts";

const quiet = { say: () => {} };

afterEach(() => void vi.unstubAllEnvs());

test("everything listens on 127.0.0.1 alone", { skip: process.platform !== "linux" }, async () => {
  await using plane = await startControlPlane(quiet);
  const addresses = Object.values(plane.pids()).flatMap(listenersOf);
  expect(addresses).toContain(new URL(plane.server).host);
  expect(addresses.filter((address) => !address.startsWith("127.0.0.1:"))).toEqual([]);
});

test("dispose leaves no process and no file", async () => {
  const plane = await startControlPlane(quiet);
  const pids = plane.pids();
  expect(Object.keys(pids).toSorted()).toEqual([
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
  ]);

  await plane[Symbol.asyncDispose]();

  expect(Object.values(pids).filter(isAlive)).toEqual([]);
  expect(existsSync(plane.folder)).toBe(false);
});

test("a killed owner leaves no process and no file", async () => {
  const owner = startOwner();
  const { pids, folder } = await owner.started;
  expect(pids.filter(isAlive)).toEqual(pids);

  owner.child.kill("SIGKILL");

  await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends the control plane that a person started", async (signal) => {
  const owner = startOwner();
  const { pids, folder } = await owner.started;

  owner.child.kill(signal);
  const [code] = (await once(owner.child, "exit")) as [number | null];

  expect(code).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test("an API server that restarts keeps port, data and users, and the controllers find it again", async () => {
  await using plane = await startControlPlane({ ...quiet, users: [{ name: "amy", groups: ["team"] }] });
  await apply(plane, "v1", "configmaps", { kind: "ConfigMap", metadata: { name: "kept" }, data: { key: "value" } });
  const before = plane.pids();

  await plane.stopServer();
  await expect(apiOf(admin(plane)).call("GET", "/readyz")).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
  await plane.startServer();

  const kept = await apiOf(admin(plane)).call("GET", "/api/v1/namespaces/default/configmaps/kept");
  expect(JSON.parse(kept.text)).toMatchObject({ data: { key: "value" } });
  expect((await apiOf({ ...plane, token: plane.tokenFor("amy") }).call("GET", "/api")).status).toBe(200);
  expect(plane.pids()).toEqual({ ...before, "kube-apiserver": expect.not.toBeOneOf([before["kube-apiserver"]]) });
  await apply(plane, "apps/v1", "deployments", deployment("after"));
  await expect.poll(() => availableReplicas(plane, "after"), { timeout: 60_000, interval: 200 }).toBe(1);
});

test("a program that cannot start is named with its last lines, and nothing is left of the others", async () => {
  await using port = await occupiedPort();
  await using folder = await temporaryFolder();
  vi.stubEnv("TMPDIR", folder.path);
  const serverFlags = [`--secure-port=${port.number}`];
  const start = startControlPlane({ ...quiet, controllers: false, serverFlags });

  await expect(start).rejects.toThrow(/^kube-apiserver: ended by itself; its last lines:\n[^]*address already in use/);

  expect(readdirSync(folder.path)).toEqual([]);
  expect(processesWith(folder.path)).toEqual([]);
});

test("a program that ends by itself is told at once", async () => {
  const lines: string[] = [];
  await using plane = await startControlPlane({ say: (line) => lines.push(line), controllers: false });
  process.kill(plane.pids()["etcd"]!, "SIGKILL");
  await expect.poll(() => lines, { timeout: 20_000 }).toContain("control plane: etcd ended by itself");
});

test("a flag of the API server is passed on, and one of ours is replaced", async () => {
  await using plane = await startControlPlane({
    ...quiet,
    controllers: false,
    users: [{ name: "amy", groups: [] }],
    serverFlags: ["--authorization-mode=AlwaysAllow", "--goaway-chance=0.01"],
  });
  const answer = await apiOf({ ...plane, token: plane.tokenFor("amy") }).call("GET", "/api/v1/nodes");
  expect(answer.status).toBe(200);
});

test("a user that was not named at the start has no token", async () => {
  await using plane = await startControlPlane({ ...quiet, controllers: false });
  expect(() => plane.tokenFor("amy")).toThrow("user amy: not known to the API server; name it in the option users");
});

function admin(plane: ControlPlane): Parameters<typeof apiOf>[0] {
  return { ...plane, token: plane.tokenFor("admin") };
}

interface NewObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

async function apply(plane: ControlPlane, apiVersion: string, resource: string, object: NewObject): Promise<void> {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const path = `${root}/namespaces/default/${resource}/${object.metadata.name}?fieldManager=test`;
  const value = { apiVersion, ...object };
  const answer = await apiOf(admin(plane)).call("PATCH", path, { type: "application/apply-patch+yaml", value });
  expect(answer).toMatchObject({ status: 201 });
}

function deployment(name: string): NewObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }] } };
  return { kind: "Deployment", metadata: { name }, spec: { replicas: 1, selector: { matchLabels: labels }, template } };
}

async function availableReplicas(plane: ControlPlane, name: string): Promise<number> {
  const { text } = await apiOf(admin(plane)).call("GET", `/apis/apps/v1/namespaces/default/deployments/${name}`);
  const { status } = JSON.parse(text) as { readonly status: { readonly availableReplicas?: number } };
  return status.availableReplicas ?? 0;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process that runs a control plane, as a person starts it. */
interface Owner {
  readonly child: ChildProcess;
  readonly started: Promise<{ readonly pids: readonly number[]; readonly folder: string }>;
}

function startOwner(): Owner {
  const entry = join(import.meta.dirname, "start.ts");
  const child = spawn(process.execPath, [entry, "--no-controllers"], { stdio: ["ignore", "pipe", "inherit"] });
  return { child, started: readStart(child) };
}

async function readStart(child: ChildProcess): ReturnType<() => Owner["started"]> {
  const facts = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout! })) {
    const [name = "", value = ""] = line.split(/ {2,}/);
    facts.set(name, value);
    if (line.startsWith("Ctrl-C")) break;
  }
  const pids = [...facts.get("processes")!.matchAll(/ (\d+)/g)].map(([, pid]) => Number(pid));
  return { pids, folder: facts.get("logs")! };
}

const LISTENING = "0A";

/** The IPv4 and IPv6 addresses on which a process listens, read from Linux's own tables. */
function listenersOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  const links = readdirSync(folder).map((fd) => readlinkSync(join(folder, fd)));
  const sockets = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const rows = ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8").trim().split("\n").slice(1),
  );
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((columns) => columns[3] === LISTENING && sockets.has(columns[9]!))
    .map((columns) => readable(columns[1]!));
}

/** `0100007F:9F6B` is `127.0.0.1:40811`; an IPv6 address stays as it is, it is none of ours. */
function readable(address: string): string {
  const [host = "", port = ""] = address.split(":");
  const bytes = host.length === 8 ? [...Buffer.from(host, "hex")].toReversed().join(".") : host;
  return `${bytes}:${Number.parseInt(port, 16)}`;
}

/** The command lines of the processes that name a folder; empty where the system does not tell. */
function processesWith(folder: string): readonly string[] {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(commandLine).filter((line) => line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    // It ended between the two reads.
    return "";
  }
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "plumbline-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function occupiedPort(): Promise<AsyncDisposable & { readonly number: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    number: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
