import type { Problem } from "../model/problem.ts";
import type { Checkout } from "../ports.ts";
import { parseConfig } from "../config/parse.ts";
import type { Config } from "../config/schema.ts";
import { ZERO_FOLDERS, zeroConfig } from "../config/zero.ts";

export type CommitConfig =
  | { readonly config: Config; readonly source: "file" | "zero" }
  | { readonly problems: readonly Problem[] };

/** The configuration that a commit holds; without a file, the one that its folders imply. */
export async function commitConfig(checkout: Checkout, file: string): Promise<CommitConfig> {
  const text = await checkout.read(file);
  if (text !== undefined) {
    const parsed = parseConfig(text, file);
    return "config" in parsed ? { config: parsed.config, source: "file" } : parsed;
  }
  const existing: string[] = [];
  for (const folder of ZERO_FOLDERS) if (await checkout.hasFolder(folder)) existing.push(folder);
  const zero = zeroConfig(existing);
  return "config" in zero ? { config: zero.config, source: "zero" } : zero;
}
