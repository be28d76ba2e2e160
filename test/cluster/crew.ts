import { startGuardian } from "./guardian.ts";
import { launch } from "./program.ts";
import type { Launch, Program } from "./program.ts";

/** The programs that were started together and end together: on dispose, and when this process ends in any way. */
export interface Crew extends AsyncDisposable {
  start(launch: Launch): Program;
  /** The programs that live now. */
  members(): readonly Program[];
}

export interface CrewOptions {
  /** Where logs and data lie; goes when the crew goes. */
  readonly folder: string;
  /** Hears of a program that ended although nobody ended it. */
  readonly onLoss: (program: Program) => void;
}

/** An empty crew. */
export function newCrew({ folder, onLoss }: CrewOptions): Crew {
  const guardian = startGuardian(folder);
  const programs = new Set<Program>();
  const tell = (): void => guardian.watch([...programs].map(({ pid }) => pid));
  // At once, not at the next start: the system may give the process id to somebody else.
  const forget = async (program: Program): Promise<void> => {
    await program.gone;
    programs.delete(program);
    tell();
    if (!program.wasAsked()) onLoss(program);
  };
  return {
    start(what) {
      const program = launch(what);
      programs.add(program);
      tell();
      void forget(program);
      return program;
    },
    members: () => [...programs],
    async [Symbol.asyncDispose]() {
      // SIGTERM would make an API server wait a minute for its watches, and nobody wants the data.
      await Promise.all([...programs].map((program) => program.end("SIGKILL")));
      await guardian.dismiss();
    },
  };
}
