import type { Problem } from "../model/problem.ts";
import type { Checkout } from "../ports.ts";
import { CONFIG_FILE } from "../config/config-file.ts";
import { parseConfig } from "../config/parse.ts";
import type { Config } from "../config/schema.ts";
import { FOLDERS, zeroConfig } from "../config/zero.ts";

export type CommitConfig =
  | { readonly config: Config; readonly source: "file" | "folders" }
  | { readonly problems: readonly Problem[] };

/** The configuration that a commit holds; where it names no apps, those that its folders imply. A file that was asked for by name must exist. */
export async function commitConfig(checkout: Checkout, file: string): Promise<CommitConfig> {
  const text = await checkout.read(file);
  // Falling back to the folders would bring what nobody asked for to wherever the kubeconfig points.
  if (text === undefined && file !== CONFIG_FILE) return { problems: [missing(file)] };
  const parsed = text === undefined ? undefined : parseConfig(text, file);
  if (parsed !== undefined && "problems" in parsed) return parsed;
  if (parsed !== undefined && Object.keys(parsed.config.apps).length > 0)
    return { config: parsed.config, source: "file" };
  const existing: string[] = [];
  for (const folder of FOLDERS) if (await checkout.hasFolder(folder)) existing.push(folder);
  const implied = zeroConfig(existing, parsed?.config);
  return "config" in implied ? { config: implied.config, source: parsed === undefined ? "folders" : "file" } : implied;
}

function missing(file: string): Problem {
  return {
    code: "config-invalid",
    level: "error",
    message: `configuration ${file}: this commit has no such file`,
    remedy: `write its path relative to the repository's root, or leave it out for ${CONFIG_FILE}`,
  };
}
