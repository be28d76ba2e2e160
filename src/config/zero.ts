import type { Problem } from "../model/problem.ts";
import { CONFIG_FILE } from "./config-file.ts";
import { configSchema, type Config } from "./schema.ts";

/** Where manifests are looked for when no configuration says it; the first that exists is taken. */
export const FOLDERS = ["deploy", "k8s", "kubernetes", "manifests"] as const;

// On one line, because messages are.
const EXAMPLE = "`{version: 1, apps: {web: {path: path/to/manifests}}}`";

/**
 * What is deployed without a configuration, or with one that names no apps: the first of `FOLDERS` among the existing
 * folders, as an app of the same name, in environment `default` and the current kubeconfig context.
 */
export function zeroConfig(
  existingFolders: readonly string[],
  written: Config = configSchema.parse({ version: 1 }),
): { config: Config } | { problems: readonly Problem[] } {
  const folder = FOLDERS.find((name) => existingFolders.includes(name));
  if (folder === undefined) return { problems: [nothingToDeploy()] };
  const app = { path: folder, dependsOn: [], settings: {}, overrides: {} };
  return { config: { ...written, apps: { [folder]: app } } };
}

function nothingToDeploy(): Problem {
  return {
    code: "nothing-to-deploy",
    level: "error",
    message: `there is nothing to deploy: no app is configured and none of the folders ${FOLDERS.join(", ")} exists`,
    remedy: `create one of the folders, or write ${EXAMPLE} to ${CONFIG_FILE}`,
  };
}
