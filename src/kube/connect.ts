import type { Agent } from "node:http";
import type { KubeConfig } from "@kubernetes/client-node";
import { Failure } from "../model/failure.ts";
import { formatJson, type Json } from "../model/json.ts";
import { adaptUser } from "./adapted-user.ts";
import { chooseContext, type ChosenContext, type ParsedKubeconfig } from "./chosen-context.ts";
import type { Connection, Credential, TlsOptions } from "./connection.ts";
import { shareCredentials } from "./credentials.ts";
import { codeOf } from "./error-code.ts";
import { findKubeconfig, type KubeconfigRequest, type KubeconfigText } from "./kubeconfig.ts";
import { mapAt, textAt } from "./members.ts";
import { ownAccount } from "./own-account.ts";
import { isPlain, readPlainCredential } from "./plain-credential.ts";
import { secretsIn, spellings } from "./secrets.ts";

/** Which cluster to speak to, and as whom. */
export interface ConnectRequest extends KubeconfigRequest {
  /** The context to use; empty or absent: the kubeconfig's current one; `in-cluster`: as the next field. */
  readonly context?: string;
  /** Use the ServiceAccount of the pod we run in. Never done unasked: a runner's own account is not the target's. */
  readonly inCluster?: boolean;
  /** Told every secret, also those that credential plugins and token files bring later. */
  readonly learn?: (secret: string) => void;
  readonly readYaml: YamlReader;
}

/** Reads a YAML document as kubectl does, or says in which line it is broken. */
export type YamlReader = (text: string) => { readonly value: Json } | { readonly brokenAt: number };

/**
 * Reads the kubeconfig and gives a connection that has sent nothing yet. Throws Failure `kubeconfig-missing` or
 * `kubeconfig-invalid`; a credential that cannot be had shows at the first request as `cluster-unauthorized`.
 */
export async function connect(request: ConnectRequest): Promise<Connection> {
  const own = request.inCluster === true || request.context === "in-cluster";
  const chosen = own ? ownAccount(request.env) : await choose(request);
  const server = serverOf(chosen);
  const secrets = secretsIn(chosen.user);
  const learn = request.learn ?? (() => {});
  secrets.forEach((secret) => learn(secret));
  const read = await credentialReader(chosen, server);
  const readAndLearn = async (isNew: boolean): Promise<Credential> => {
    const credential = await read(isNew).catch((error: unknown) => {
      throw noCredential(chosen, error);
    });
    [...Object.values(credential.headers).map(withoutScheme), String(credential.tls.key ?? "")]
      .flatMap(spellings)
      .forEach((secret) => learn(secret));
    return credential;
  };
  const shared = shareCredentials({
    read: () => readAndLearn(false),
    readAnew: () => readAndLearn(true),
    now: () => performance.now(),
  });
  return { server, context: chosen.name, secrets, ...shared };
}

async function choose(request: ConnectRequest): Promise<ChosenContext> {
  const texts = await findKubeconfig(request);
  const parsed = texts.map((text) => parse(text, request.readYaml));
  return chooseContext(parsed, request.context);
}

function parse({ text, name, folder }: KubeconfigText, readYaml: YamlReader): ParsedKubeconfig {
  const read = readYaml(text);
  if ("brokenAt" in read) throw invalid(`${name} is no valid YAML (line ${read.brokenAt})`);
  return { name, ...(folder === undefined ? {} : { folder }), content: read.value };
}

function serverOf({ name, cluster }: ChosenContext): URL {
  const server = URL.parse(textAt(cluster, "server") ?? "");
  if (server === null) throw invalid(`the cluster of context ${name} has no valid server address`);
  const insecure = cluster["insecure-skip-tls-verify"] === true;
  if (server.protocol === "https:" || (server.protocol === "http:" && insecure)) return server;
  throw invalid(`the server of context ${name} is not https, so credentials would travel in the clear`);
}

/** Reads the credential as it is cached, or anew whatever is cached. */
type CredentialReader = (isNew: boolean) => Promise<Credential>;

// The library costs 80 ms and 15 MB, which only programs, providers and proxies are worth.
async function credentialReader(chosen: ChosenContext, server: URL): Promise<CredentialReader> {
  if (isPlain(chosen) && server.protocol === "https:") return () => readPlainCredential(chosen);
  const load = await loader(chosen);
  let config = load();
  return (isNew) => {
    // The library keeps what a plugin said inside its object: a new object asks the plugin again.
    if (isNew) config = load();
    return readByLibrary(config, chosen, server);
  };
}

/** Makes the library's view of this one context, as often as asked. */
async function loader({ name, cluster, user }: ChosenContext): Promise<() => KubeConfig> {
  // Imported by name, so that the bundle leaves the library's thousand models out.
  const { KubeConfig: Library } = await import("@kubernetes/client-node");
  const text = formatJson({
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster }],
    users: [{ name, user: adaptUser(user, cluster) }],
  });
  return () => {
    const config = new Library();
    try {
      config.loadFromString(text);
    } catch {
      throw invalid(`context ${name} has an entry that is not as a kubeconfig should be`);
    }
    return config;
  };
}

const PLUGIN_MILLISECONDS = 60_000;

async function readByLibrary(config: KubeConfig, { cluster }: ChosenContext, server: URL): Promise<Credential> {
  const options: LibraryOptions = { headers: {} };
  await withinTime(config.applyToHTTPSOptions(options));
  const direct = textAt(cluster, "proxy-url") === undefined && server.protocol === "https:";
  return {
    tls: tlsOf(options),
    headers: headersOf(options),
    ...(direct || options.agent === undefined ? {} : { agent: options.agent }),
  };
}

/** What the library fills in; its own type promises more and holds less. */
interface LibraryOptions extends TlsOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: string;
  readonly agent?: Agent;
}

function headersOf({ headers, auth }: LibraryOptions): Readonly<Record<string, string>> {
  // A token file ends with a line break, which no header may hold.
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()] as const);
  const basic = auth === undefined ? [] : [["authorization", `Basic ${Buffer.from(auth).toString("base64")}`] as const];
  return Object.fromEntries([...given, ...basic]);
}

function withoutScheme(header: string): string {
  return header.replace(/^\S+ /, "");
}

function tlsOf({ ca, cert, key, passphrase, servername, rejectUnauthorized }: LibraryOptions): TlsOptions {
  const all = { ca, cert, key, passphrase, servername, rejectUnauthorized };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

async function withinTime(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("no credential in time")), PLUGIN_MILLISECONDS);
  await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

function noCredential({ name, user }: ChosenContext, error: unknown): Failure {
  const command = textAt(mapAt(user, "exec"), "command");
  if (command === undefined) {
    return invalid(`the credentials of context ${name} cannot be read (${codeOf(error)})`);
  }
  // What a plugin prints may hold a token, so only its name is told.
  return new Failure("cluster-unauthorized", `context ${name}: the credential plugin ${command} gave no credential`, {
    remedy: `run ${command} by hand in the same environment to see what it says`,
  });
}

function invalid(what: string): Failure {
  return new Failure("kubeconfig-invalid", `kubeconfig: ${what}`, {
    remedy: "correct the kubeconfig, or the secret that it is written from",
  });
}
