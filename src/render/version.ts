import type { ToolName } from "./tool.ts";

/** The oldest versions whose known holes (paths in chart names, symlinked locks, schemas that read devices) are closed. */
export const MINIMUM: Readonly<Record<ToolName, string>> = { helm: "v3.18.5", kustomize: "v5.4.0" };

const VERSION = /v?(\d+)\.(\d+)(?:\.(\d+))?([-+][\w.+-]+)?/;

/** The first version in what a program prints about itself; `undefined` when there is none. */
export function versionIn(output: string): string | undefined {
  const found = VERSION.exec(output)?.[0];
  return found === undefined || found.startsWith("v") ? found : `v${found}`;
}

/** A release that was not numbered to the third part counts as its first patch; a pre-release counts as its release. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [actual, wanted] = [partsOf(version), partsOf(minimum)];
  const difference = actual.map((part, index) => part - (wanted[index] ?? 0)).find((part) => part !== 0);
  return difference === undefined || difference > 0;
}

function partsOf(version: string): readonly number[] {
  const [, major = "0", minor = "0", patch = "0"] = VERSION.exec(version) ?? [];
  return [Number(major), Number(minor), Number(patch)];
}
