import { parseArgs } from "node:util";
import { parseDuration } from "./model/duration.ts";
import { nearest } from "./model/nearest.ts";
import { CONFIG_FILE } from "./config/config-file.ts";
import { parseLook, type Look } from "./trigger/look.ts";

/** The revision that is wanted where none is named. */
export const DEFAULT_HEAD = "HEAD";

const USAGE = `usage: plumb <command> [target...] [options]

commands
  targets   print the targets, one a line
  plan      say what bringing the cluster to a commit changes
  apply     bring the cluster to a commit
  drift     say what differs from the applied revision

A target is environment/app or a pattern such as production/*; without one, all are taken. What is read are
commits: what is not committed counts as not written.

options
  --base REF           plan only: what there was before; without it, the live cluster alone is compared
  --head REF           the commit that is wanted; default ${DEFAULT_HEAD}
  --config FILE        default ${CONFIG_FILE}
  --kubeconfig FILE    default: KUBECONFIG, then ~/.kube/config
  --context NAME       wins over the environment's context; in-cluster: the pod's own account
  --mode MODE          plan only: auto, dry-run, read-only or offline; wins over plan.mode of the configuration
  --offline            plan only: ask no cluster, as --mode offline
  --exact              dry-run every object, also those that prove themselves in sync
  --shadow PERCENT     dry-run this share of the objects that prove themselves in sync
  --timeout DURATION   wins over the configuration, such as 90s or 5m
  --output FORMAT      text, json, markdown or html; default text
  --help, --version

exit codes
  0 no difference or success   1 differences         2 usage or configuration
  3 render, validation or blockers                   4 cluster unreachable or unauthorised
  5 incomplete                 6 refused             7 apply failed
  70 crash                     130 interrupted
`;

const OPTIONS = {
  base: { type: "string" },
  head: { type: "string", default: DEFAULT_HEAD },
  config: { type: "string", default: CONFIG_FILE },
  kubeconfig: { type: "string" },
  context: { type: "string" },
  offline: { type: "boolean", default: false },
  mode: { type: "string" },
  exact: { type: "boolean", default: false },
  shadow: { type: "string" },
  timeout: { type: "string" },
  output: { type: "string", default: "text" },
  help: { type: "boolean", default: false },
  version: { type: "boolean", default: false },
} as const;

const VERSION = "0.1.0";
const COMMANDS = ["targets", "plan", "apply", "drift"] as const;
const LATER = ["images", "render", "status", "compare", "init", "doctor"];
const OUTPUTS = ["text", "json", "markdown", "html"] as const;
const OF_A_PLAN = ["base", "offline", "mode"] as const;
const OF_A_LOOK = ["exact", "shadow"] as const;

export type Command = (typeof COMMANDS)[number];

/** What the words of a command line ask for. */
export interface Asked {
  readonly command: Command;
  readonly format: (typeof OUTPUTS)[number];
  /** Names or patterns of targets; empty means all. */
  readonly targets: readonly string[];
  readonly options: ReturnType<typeof parseOptions>["values"];
  readonly look: Look;
}

/** The words ask for a run, are answered by a text at once, or are a mistake that `what` names. */
type CommandLine =
  | { readonly kind: "asked"; readonly asked: Asked }
  | { readonly kind: "answered"; readonly text: string }
  | { readonly kind: "misused"; readonly what: string };

/** Reads the arguments that stand behind the program's name. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const parsed = tryParse(argv);
  if (typeof parsed === "string") return misused(parsed);
  const { values, positionals } = parsed;
  if (values.help) return answered(USAGE);
  if (values.version) return answered(`plumb ${VERSION}\n`);
  const [word, ...targets] = positionals;
  const command = COMMANDS.find((one) => one === word);
  const format = OUTPUTS.find((one) => one === values.output);
  if (word === undefined) return misused("no command is given");
  if (LATER.includes(word)) return misused(`command ${word} is not supported yet`);
  if (command === undefined) return misused(`there is no command ${JSON.stringify(word)}${meant(word)}`);
  const idle = idleOptions(command).find((option) => values[option]);
  if (idle !== undefined) return misused(`--${idle} says nothing to ${command}; it belongs to plan`);
  if (format === undefined)
    return misused(`--output is ${JSON.stringify(values.output)}; it is one of ${OUTPUTS.join(", ")}`);
  if (values.timeout !== undefined && (parseDuration(values.timeout) ?? 0) <= 0)
    return misused(`--timeout is ${JSON.stringify(values.timeout)}; write a duration such as 90s or 5m`);
  const look = parseLook(values);
  return typeof look === "string"
    ? misused(look)
    : { kind: "asked", asked: { command, format, targets, options: values, look } };
}

function idleOptions(command: Command): readonly (typeof OF_A_PLAN | typeof OF_A_LOOK)[number][] {
  return [...(command === "plan" ? [] : OF_A_PLAN), ...(command === "targets" ? OF_A_LOOK : [])];
}

function meant(word: string): string {
  const near = nearest(word, COMMANDS);
  return near === undefined ? "" : `, did you mean ${near}?`;
}

function tryParse(argv: readonly string[]): ReturnType<typeof parseOptions> | string {
  try {
    return parseOptions(argv);
  } catch (error) {
    const [said = ""] = error instanceof Error ? error.message.split(". ") : ["unknown option"];
    return `${said.charAt(0).toLowerCase()}${said.slice(1)}`;
  }
}

function parseOptions(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
}

function answered(text: string): CommandLine {
  return { kind: "answered", text };
}

function misused(what: string): CommandLine {
  return { kind: "misused", what };
}
