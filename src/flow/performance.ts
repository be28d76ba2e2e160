import type { ExitCode, FailOn } from "../model/exit-code.ts";
import type { RunReport } from "../model/run.ts";
import type { Outputs } from "../ports.ts";
import type { Forge } from "../forge-ports.ts";
import type { Guard } from "../report/guard.ts";
import type { MatrixRow } from "./targets.ts";
import type { CommentPolicy } from "./publish-plan.ts";
import type { RunPorts, RunRequest } from "./run-ports.ts";

/** What a run of the Action is asked, whichever command it is. */
export interface PerformRequest extends RunRequest {
  /** `refs/heads/main`, `refs/pull/1/merge` */
  readonly ref: string;
  readonly sha: string;
  /** Inputs that win over the configuration. */
  readonly comment?: CommentPolicy;
  readonly failOn?: FailOn;
  /** Folder of plan files, for `report`. */
  readonly plans?: string;
}

/** The world of a run of the Action. */
export interface PerformPorts {
  readonly run: RunPorts;
  readonly guard: Guard;
  readonly outputs: Outputs;
  /** Absent without a token. */
  readonly forge?: Forge;
  /** Reads every file of a folder whose name ends so. */
  readonly readFolder: (folder: string, ending: string) => Promise<readonly NamedText[]>;
}

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** What came of a run, for outputs and exit code. */
export interface Performance {
  readonly exitCode: ExitCode;
  readonly report?: RunReport;
  readonly commentUrl?: string;
  readonly issueUrl?: string;
  readonly matrix?: readonly MatrixRow[];
}
