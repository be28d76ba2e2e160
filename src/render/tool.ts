export type ToolName = "kustomize" | "helm";

/** A program that was found and asked for its version. */
export interface Tool {
  readonly name: ToolName;
  /** Absolute path, outside the workspace. */
  readonly file: string;
  /** As people write it: `v5.8.1`. */
  readonly version: string;
}

/** Where programs come from. */
export interface Tools {
  /** Throws Failure `tool-missing`. The same name gives the same tool for the whole run. */
  find(name: ToolName, signal: AbortSignal): Promise<Tool>;
}

/** `kustomize v5.8.1` */
export function formatTool(tool: Tool): string {
  return `${tool.name} ${tool.version}`;
}
