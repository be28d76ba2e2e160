import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What a runner reads of `action.yml`. */
export interface ActionMetadata {
  readonly main: string;
  readonly inputs: readonly { readonly name: string; readonly default?: string }[];
  readonly outputs: readonly string[];
}

export function readActionMetadata(folder: string): ActionMetadata {
  const document = parse(readFileSync(join(folder, "action.yml"), "utf8")) as {
    readonly runs: { readonly using: string; readonly main: string };
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
    readonly outputs: Readonly<Record<string, unknown>>;
  };
  if (document.runs.using !== "node24") throw new Error(`this runner runs node24, not ${document.runs.using}`);
  const inputs = Object.entries(document.inputs).map(([name, input]) => ({
    name,
    ...(input.default !== undefined && { default: input.default }),
  }));
  return { main: document.runs.main, inputs, outputs: Object.keys(document.outputs) };
}
