import type { Api } from "../cluster/api.ts";
import type { Files } from "../support/github/repository.ts";
import type { Project, RunOptions } from "../support/project/project.ts";

/** A table of what can be wrong. A name is a test, a golden text and a namespace at once. */
export type BadInputs = Readonly<Record<string, BadInput>>;

/** One thing that is wrong, on top of a sound app, and how each way to run Plumbline ends on it. `$NAMESPACE` in files is the case's own. */
export interface BadInput {
  /** What main holds beside the sound app; `undefined` leaves a file of it out. */
  readonly before?: Files;
  /** Main was applied before anything went wrong. */
  readonly applied?: true;
  /** What else is so before the runs: objects of somebody else, faults of GitHub. */
  readonly given?: (scene: Scene) => Promise<void>;
  /** What the pull request changes, and main after its merge; `undefined` takes a file away. */
  readonly change?: Files;
  /** The kubeconfig of the runs; the admin's unless given. */
  readonly kubeconfig?: (scene: Scene) => Promise<string>;
  /** Inputs, environment and permissions of the job. */
  readonly job?: (scene: Scene) => RunOptions | Promise<RunOptions>;
  /** Further arguments of the command line. */
  readonly options?: readonly string[];
  readonly ends: Ends;
}

export const WAYS = ["pull request", "push", "plumb plan", "plumb apply"] as const;
export type Way = (typeof WAYS)[number];

/** The exit code of each way, as the design has it; a way that is not named is not gone. */
export type Ends = Readonly<Partial<Record<Way, number>>>;

/** What a case may reach into. */
export interface Scene {
  readonly namespace: string;
  /** For files outside of every checkout. */
  readonly folder: string;
  readonly project: Project;
  /** The API server, as its admin. */
  readonly api: Api;
  /** Has an object written by somebody else, under a field manager of theirs. */
  readonly exists: (manifest: string, manager?: string) => Promise<void>;
}

/** Plan and apply end alike, on GitHub and on a laptop. */
export function everywhere(code: number): Ends {
  return { "pull request": code, push: code, "plumb plan": code };
}

/** What the job of a pull request ends with, where only GitHub can be the cause. */
export function onGithub(code: number): Ends {
  return { "pull request": code, push: code };
}
