import { lstat } from "node:fs/promises";
import path from "node:path";
import type { RenderRequest } from "../ports.ts";
import type { How } from "./job.ts";
import { KUSTOMIZATION_FILES } from "./kustomization.ts";

/** How an app is rendered: as it was asked, or by the files in its folder: a kustomization, a chart, or neither. */
export async function detectHow({ how, root, path: app }: RenderRequest): Promise<How> {
  if (how !== "auto") return how;
  const folder = path.join(root, app);
  for (const name of KUSTOMIZATION_FILES) if (await exists(path.join(folder, name))) return "kustomize";
  return (await exists(path.join(folder, "Chart.yaml"))) ? "helm" : "plain";
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
