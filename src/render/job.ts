import type { parseManifests } from "../manifest/parse.ts";
import type { SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import type { Exec, RenderRequest } from "../ports.ts";
import type { Workshop } from "./environment.ts";
import type { PrivateTree } from "./private-tree.ts";
import type { Tool } from "./tool.ts";

/** One render, as the child process sees it. */
export interface Job {
  readonly request: RenderRequest;
  /** The app's path, normalised, inside the repository. */
  readonly place: string;
  readonly tree: PrivateTree;
  readonly workshop: Workshop;
  readonly exec: Exec;
  readonly parse: typeof parseManifests;
  readonly signal: AbortSignal;
}

export interface ToolJob extends Job {
  readonly tool: Tool;
}

export interface JobAnswer {
  readonly objects: readonly SourceObject[];
  readonly problems: readonly Problem[];
  /** The objects of a second render of the same files, where its text was another one. */
  readonly again?: readonly SourceObject[];
}

export type How = "plain" | "kustomize" | "helm";

/** What the parent process asks of its child, as JSON. */
export interface JobMessage {
  readonly request: RenderRequest;
  readonly how: How;
  /** For kustomize and helm. */
  readonly tool?: Tool;
  /** The workshop's root. */
  readonly workshop: string;
}

/** Two plain renders for one child. */
export interface PairMessage {
  readonly both: readonly [JobMessage, JobMessage];
}
