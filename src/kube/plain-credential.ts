import { readFile } from "node:fs/promises";
import type { ChosenContext } from "./chosen-context.ts";
import type { Credential, TlsOptions } from "./connection.ts";
import { textAt } from "./members.ts";

const USER_FIELDS = [
  "token",
  "tokenFile",
  "username",
  "password",
  "as",
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
];

/** The credential stands in the kubeconfig or in files that it names: no program, no provider and no proxy takes part. */
export function isPlain({ cluster, user }: ChosenContext): boolean {
  return Object.keys(user).every((field) => USER_FIELDS.includes(field)) && written(cluster, "proxy-url") === undefined;
}

/** Reads a plain credential as kubectl does, its files anew each time. Throws the system's error. */
export async function readPlainCredential({ cluster, user }: ChosenContext): Promise<Credential> {
  const [tls, headers] = await Promise.all([readTls({ cluster, user }), readHeaders(user)]);
  return { tls, headers };
}

async function readTls({ cluster, user }: Pick<ChosenContext, "cluster" | "user">): Promise<TlsOptions> {
  const [ca, cert, key] = await Promise.all([
    content(cluster, "certificate-authority"),
    content(user, "client-certificate"),
    content(user, "client-key"),
  ]);
  const servername = written(cluster, "tls-server-name");
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(servername !== undefined && { servername }),
    ...(cluster["insecure-skip-tls-verify"] === true && { rejectUnauthorized: false }),
  };
}

// As kubectl: what stands in the kubeconfig wins over a file.
async function content(entry: ChosenContext["user"], field: string): Promise<Buffer | undefined> {
  const given = written(entry, `${field}-data`);
  if (given !== undefined) return Buffer.from(given, "base64");
  const file = written(entry, field);
  return file === undefined ? undefined : readFile(file);
}

async function readHeaders(user: ChosenContext["user"]): Promise<Credential["headers"]> {
  const file = written(user, "tokenFile");
  const token = file === undefined ? written(user, "token") : (await readFile(file, "utf8")).trim();
  const [name, password = "", as] = ["username", "password", "as"].map((field) => written(user, field));
  const basic = name === undefined ? undefined : Buffer.from(`${name}:${password}`).toString("base64");
  return {
    ...(token !== undefined && { authorization: `Bearer ${token.trim()}` }),
    ...(basic !== undefined && { authorization: `Basic ${basic}` }),
    ...(as !== undefined && { "impersonate-user": as }),
  };
}

/** An empty text says as much as none. */
function written(entry: ChosenContext["user"], field: string): string | undefined {
  const text = textAt(entry, field);
  return text === "" ? undefined : text;
}
