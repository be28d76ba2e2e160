import { MODES, type Mode } from "../model/mode.ts";
import type { Problem } from "../model/problem.ts";
import { INPUTS, type InputName } from "./input-list.ts";
import { parseDuration } from "../model/duration.ts";
import { nearest } from "../model/nearest.ts";

const COMMANDS = ["auto", "targets", "plan", "apply", "drift", "images", "render", "report"] as const;
const COMMENTS = ["auto", "always", "on-change", "never"] as const;
const FAIL_ON = ["error", "blockers", "changes", "never"] as const;
const STALE_PLANS = ["refuse", "warn"] as const;

/** Values that the contract has and that have no code yet. */
const UNBUILT: Readonly<Partial<Record<InputName, readonly string[]>>> = {
  command: ["images", "render"],
  "stale-plan": ["warn"],
};

export type Command = (typeof COMMANDS)[number];

/** A kubeconfig by its path, or as its whole text, which is a credential. */
export type Kubeconfig =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "content"; readonly content: string };

/** What the workflow asks for. An input that mirrors a key of the configuration is absent unless given, and wins when it is. */
export interface Inputs {
  readonly command: Command;
  /** Path of the configuration, relative to the repository's root. */
  readonly config?: string;
  /** Names or patterns of targets; empty means all. */
  readonly targets: readonly string[];
  readonly kubeconfig?: Kubeconfig;
  readonly context?: string;
  readonly githubToken?: string;
  readonly githubApiUrl: string;
  readonly mode?: Mode;
  readonly comment?: (typeof COMMENTS)[number];
  readonly failOn?: (typeof FAIL_ON)[number];
  readonly stalePlan?: (typeof STALE_PLANS)[number];
  /** A duration as the configuration writes it: `5m`. */
  readonly timeout?: string;
  /** Folder of plan files, for `report`. */
  readonly plans?: string;
  readonly workingDirectory?: string;
  /** Inputs that are not ours, with the name that was probably meant. */
  readonly cautions: readonly Problem[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the inputs from the variables that a runner sets (`INPUT_FAIL-ON`). All problems are found at once; an empty input is not given. */
export function parseInputs(env: Environment): { inputs: Inputs } | { problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const refuse = (problem: Problem): undefined => void problems.push(problem);
  const inputs = readInputs({ env, refuse });
  return problems.length > 0 ? { problems: [...problems, ...inputs.cautions] } : { inputs };
}

interface Reading {
  readonly env: Environment;
  readonly refuse: (problem: Problem) => undefined;
}

function readInputs(reading: Reading): Inputs {
  const optional = {
    config: readPath("config", reading),
    kubeconfig: toKubeconfig(read("kubeconfig", reading), reading),
    context: read("context", reading),
    githubToken: read("github-token", reading),
    mode: readChoice("mode", MODES, reading),
    comment: readChoice("comment", COMMENTS, reading),
    failOn: readChoice("fail-on", FAIL_ON, reading),
    stalePlan: readChoice("stale-plan", STALE_PLANS, reading),
    timeout: readTimeout(reading),
    plans: read("plans", reading),
    workingDirectory: read("working-directory", reading),
  };
  return {
    command: readChoice("command", COMMANDS, reading) ?? "auto",
    targets: toList(read("targets", reading) ?? ""),
    githubApiUrl: readApiUrl(reading),
    cautions: findUnknown(reading.env),
    ...withoutAbsent(optional),
  };
}

function read(name: InputName, { env }: Pick<Reading, "env">): string | undefined {
  const text = env[variableOf(name)]?.trim() ?? "";
  return text === "" ? undefined : text;
}

function variableOf(name: string): string {
  return `INPUT_${name.toUpperCase()}`;
}

function readChoice<T extends string>(name: InputName, choices: readonly T[], reading: Reading): T | undefined {
  const text = read(name, reading);
  const choice = choices.find((one) => one === text);
  const built = choices.filter((one) => !UNBUILT[name]?.includes(one));
  const remedy = `write ${built.length === 1 ? "" : "one of "}${built.join(", ")}`;
  if (text === undefined) return undefined;
  if (choice === undefined) return reading.refuse(invalid(`input ${name} is ${JSON.stringify(text)}`, remedy));
  if (built.includes(choice)) return choice;
  return reading.refuse({
    code: "not-supported-yet",
    level: "error",
    message: `input ${name}: ${choice} is not supported yet`,
    remedy,
  });
}

function readPath(name: InputName, reading: Reading): string | undefined {
  const path = read(name, reading);
  if (path === undefined || isInside(path)) return path;
  return reading.refuse(
    invalid(`input ${name} is ${JSON.stringify(path)}`, "write a path relative to the repository's root, inside it"),
  );
}

function isInside(path: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return !/^[/-]|[\\\u0000-\u001F\u007F]/.test(path) && !path.split("/").includes("..");
}

function toKubeconfig(text: string | undefined, reading: Reading): Kubeconfig | undefined {
  if (text === undefined) return undefined;
  if (text.includes("\n") || text.startsWith("{")) return { kind: "content", content: text };
  // The text is never quoted: what is no path may be a credential.
  if (/^[A-Za-z0-9+/=]{200,}$/.test(text))
    return reading.refuse(invalid("input kubeconfig looks like base64", "give a path, or the content as it is"));
  if (text.startsWith("-"))
    return reading.refuse(invalid("input kubeconfig begins with -", "write the path with ./ before it"));
  return { kind: "path", path: text };
}

function readTimeout(reading: Reading): string | undefined {
  const timeout = read("timeout", reading);
  if (timeout === undefined || (parseDuration(timeout) ?? 0) > 0) return timeout;
  return reading.refuse(
    invalid(`input timeout is ${JSON.stringify(timeout)}`, "write a duration such as 90s, 5m or 1h30m"),
  );
}

const DEFAULT_API_URL = "https://api.github.com";

function readApiUrl(reading: Reading): string {
  const text = read("github-api-url", reading) ?? DEFAULT_API_URL;
  if (isSafeUrl(text)) return text.replace(/\/+$/, "");
  reading.refuse(
    invalid("input github-api-url is not an https address", "write https://..., without user, query and fragment"),
  );
  return DEFAULT_API_URL;
}

// The token is sent there. Without TLS it stays on this machine or anybody may read it.
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== "" || password !== "" || search !== "" || hash !== "") return false;
  return protocol === "https:" || (protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

function toList(text: string): readonly string[] {
  return text
    .split(/[\n,]/)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function findUnknown(env: Environment): readonly Problem[] {
  const known = new Set(INPUTS.map(variableOf));
  return Object.keys(env)
    .filter((variable) => variable.startsWith("INPUT_") && !known.has(variable))
    .map((variable) => variable.slice("INPUT_".length).toLowerCase())
    .map((name) => {
      const near = nearest(name, INPUTS);
      const remedy =
        near === undefined ? `remove it; the inputs are ${INPUTS.join(", ")}` : `write ${near}, or remove it`;
      return {
        code: "input-invalid",
        level: "caution",
        message: `input ${JSON.stringify(name)} is not known`,
        remedy,
      } as const;
    });
}

function invalid(message: string, remedy: string): Problem {
  return { code: "input-invalid", level: "error", message, remedy };
}

type Present<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

function withoutAbsent<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
