import { Failure } from "../model/failure.ts";
import type { Exec, ExecAnswer } from "../ports.ts";
import { gitFailure } from "./git-failure.ts";

/** Git without the user's and the machine's configuration, hooks, prompts and credential helpers. */
export interface Git {
  /** Standard output. Any exit code but 0 is Failure `git-failed`. */
  run(command: GitCommand, signal: AbortSignal): Promise<string>;
  /** The answer as it is, for commands whose exit code is an answer. Still a Failure when Git was ended from outside. */
  ask(command: GitCommand, signal: AbortSignal): Promise<ExecAnswer>;
}

export interface GitCommand {
  /** `--end-of-options` or `--` stands in front of everything that comes from outside. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMilliseconds?: number;
}

export interface GitOptions {
  readonly exec: Exec;
  /** Default `git`. */
  readonly gitPath?: string;
  /** Only PATH, proxies, certificates and the temporary folder are taken from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `https://github.com`: the only server that is given the token. */
  readonly serverUrl: string;
  readonly token?: string;
}

const LOCAL_MILLISECONDS = 120_000;
const OUTPUT_BYTES = 256 * 1024 * 1024;

const INHERITED = [
  "PATH",
  "TMPDIR",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "no_proxy",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "GIT_SSL_CAINFO",
  "CURL_CA_BUNDLE",
];

export function createGit(options: GitOptions): Git {
  const ask: Git["ask"] = async (command, signal) => {
    const answer = await options.exec.run(
      {
        file: options.gitPath ?? "git",
        args: command.args,
        cwd: command.cwd,
        env: { ...environment(options), ...command.env },
        timeoutMilliseconds: command.timeoutMilliseconds ?? LOCAL_MILLISECONDS,
        maxOutputBytes: OUTPUT_BYTES,
      },
      signal,
    );
    if (answer.ended === "timeout") throw tooSlow(command);
    if (answer.ended !== "exit") throw gitFailure(verb(command), answer);
    return answer;
  };
  const run: Git["run"] = async (command, signal) => {
    const answer = await ask(command, signal);
    if (answer.code !== 0) throw gitFailure(verb(command), answer);
    return answer.stdout;
  };
  return { run, ask };
}

function environment(options: GitOptions): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = options.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    // Whoever fetches names the protocol. A partial clone fetches by itself, with whatever its configuration says.
    GIT_ALLOW_PROTOCOL: "",
    ...configuration(settings(options)),
  };
}

function settings(options: GitOptions): readonly (readonly [string, string])[] {
  const fixed = [
    // A checkout made by another user (a container's job, ARC) is ours to read: nothing of its configuration is run.
    ["safe.directory", "*"],
    // A folder of the commit may have the form of a bare repository, whose configuration can name programs to run.
    ["safe.bareRepository", "explicit"],
    ["core.hooksPath", "/dev/null"],
    ["core.fsmonitor", "false"],
    ["core.attributesFile", "/dev/null"],
    ["core.protectHFS", "true"],
    ["core.protectNTFS", "true"],
    ["credential.helper", ""],
    ["gc.auto", "0"],
    ["maintenance.auto", "false"],
    ["submodule.recurse", "false"],
    ["fetch.recurseSubmodules", "false"],
    ["transfer.fsckObjects", "false"],
    ["advice.detachedHead", "false"],
  ] as const;
  if (options.token === undefined) return fixed;
  const credential = Buffer.from(`x-access-token:${options.token}`).toString("base64");
  return [...fixed, [`http.${origin(options.serverUrl)}/.extraheader`, `AUTHORIZATION: basic ${credential}`]];
}

/** Settings by environment: unlike `-c` they are not to be seen in a list of processes. */
function configuration(entries: readonly (readonly [string, string])[]): Record<string, string> {
  const pairs = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(entries.length), ...Object.fromEntries(pairs) };
}

function origin(serverUrl: string): string {
  return new URL(serverUrl).origin;
}

function verb(command: GitCommand): string {
  return `git ${command.args.find((argument) => !argument.startsWith("-")) ?? ""}`;
}

function tooSlow(command: GitCommand): Failure {
  const seconds = (command.timeoutMilliseconds ?? LOCAL_MILLISECONDS) / 1000;
  return new Failure("timeout", `${verb(command)}: not finished after ${seconds} s`, {
    remedy: "run it again; a checkout with fetch-depth: 0 needs no fetches later",
  });
}
