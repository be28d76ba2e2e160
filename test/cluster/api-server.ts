import { generateKeyPairSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { freePorts } from "./free-ports.ts";
import type { Launch } from "./program.ts";
import type { ToolPaths } from "./tool.ts";
import { tokenFile } from "./user.ts";
import type { KnownUser } from "./user.ts";

/** Where the pieces of one control plane lie and listen. Everything listens on 127.0.0.1 only. */
export interface Layout {
  readonly tools: ToolPaths;
  /** Absolute folder of everything that this control plane writes. */
  readonly folder: string;
  readonly etcdPort: number;
  readonly serverPort: number;
}

/** A layout with ports that are free now. */
export async function newLayout(tools: ToolPaths, folder: string): Promise<Layout> {
  const [etcdPort, serverPort] = await freePorts();
  return { tools, folder, etcdPort, serverPort };
}

/** The API server's URL. */
export function serverUrl({ serverPort }: Layout): string {
  return `https://127.0.0.1:${serverPort}`;
}

/** The certificate that the API server made for itself at its first start; it signs itself, so it is the CA as well. */
export function caFile({ folder }: Layout): string {
  return join(folder, "certificates", "apiserver.crt");
}

/** How to start etcd. */
export function etcdLaunch(layout: Layout): Launch {
  const url = etcdUrl(layout);
  return {
    file: layout.tools.etcd,
    args: [
      `--data-dir=${join(layout.folder, "etcd")}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      // There are no peers, so nobody needs to know this port.
      "--listen-peer-urls=http://127.0.0.1:0",
      // The data is thrown away at the end: waiting for the disk would only cost time.
      "--unsafe-no-fsync",
      "--log-level=warn",
    ],
    cwd: layout.folder,
    log: join(layout.folder, "etcd.log"),
  };
}

/** Writes the files that the API server reads at its start. */
export async function writeServerFiles({ folder }: Layout, users: readonly KnownUser[]): Promise<void> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await mkdir(join(folder, "certificates"));
  await writeFile(join(folder, "accounts.key"), privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  await writeFile(join(folder, "tokens.csv"), tokenFile(users), { mode: 0o600 });
}

/** How to start the API server; a flag `--name=value` in `extra` replaces ours of the same name. */
export function serverLaunch(layout: Layout, extra: readonly string[]): Launch {
  const { folder } = layout;
  const key = join(folder, "accounts.key");
  // A list given twice would be appended to, so the last flag does not win by itself.
  const named = new Set(extra.map(nameOf));
  const ours = [
    `--etcd-servers=${etcdUrl(layout)}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${layout.serverPort}`,
    `--cert-dir=${join(folder, "certificates")}`,
    "--service-cluster-ip-range=10.0.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    "--authorization-mode=RBAC",
    "--allow-privileged=true",
  ];
  return {
    file: layout.tools["kube-apiserver"],
    args: [...ours.filter((flag) => !named.has(nameOf(flag))), ...extra],
    cwd: folder,
    log: join(folder, "kube-apiserver.log"),
  };
}

function etcdUrl({ etcdPort }: Layout): string {
  return `http://127.0.0.1:${etcdPort}`;
}

function nameOf(flag: string): string {
  return flag.split("=")[0]!;
}
