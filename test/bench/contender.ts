import type { Provided } from "../workflows/provided.ts";
import type { BenchCluster, Way } from "./bench-cluster.ts";
import type { Estate } from "./estate.ts";
import type { Command, MeasuredRun } from "./measured-run.ts";

export type Side = "ours" | "peer" | "floor";

/** One way to do a scenario's work. */
export interface Contender {
  readonly name: string;
  readonly side: Side;
  /** Makes everything ready for the run of that number, from 1; not measured. */
  readonly ready: (run: number) => Promise<Command>;
  /** What is wrong with how a run ended; a fast failure is no result. */
  readonly fault: (run: MeasuredRun) => string | undefined;
  /** Follows every run; not measured. */
  readonly done?: (run: number) => Promise<void>;
}

/** The contender that cannot take part. */
export interface Absent {
  readonly name: string;
  readonly side: Side;
  readonly why: string;
}

export type Entrant = Contender | Absent;

/** Everything that contenders of one size meet. */
export interface Ground {
  readonly cluster: BenchCluster;
  readonly way: Way;
  readonly size: number;
  /** Folder that everything is written below. */
  readonly folder: string;
  /** The estate of that name and of this size; where it is asked for the first time it is made, and nobody has applied it. */
  readonly estate: (prefix: string) => Promise<Estate>;
  /** The built command line. */
  readonly plumb: string;
  readonly kubectl: string;
  readonly flux: Provided;
  readonly kapp: Provided;
}

/** An environment in which nothing of the person's own is left, and no cache of an earlier run. */
export function environmentOf({ folder, way }: Ground): Readonly<Record<string, string>> {
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    HOME: folder,
    KUBECONFIG: way.kubeconfig,
    KUBERC: "off",
    KUBECACHEDIR: "/dev/null/none",
  };
}

/** The entrant, or its absence where its program is missing. */
export function withProgram(
  { name, side }: Pick<Contender, "name" | "side">,
  program: Provided,
  contender: (file: string) => Omit<Contender, "name" | "side">,
): Entrant {
  if (program.kind === "unavailable") return { name, side, why: program.why };
  return { name, side, ...contender(program.path) };
}

/** Unless the run ended with the code and its output is found to hold the text, the fault is told with what it said. */
export function expectEnd(
  { code, stdout, stderr }: MeasuredRun,
  wanted: { readonly code: number; readonly says: string },
): string | undefined {
  const said = `${stderr}\n${stdout}`.trim().split("\n").slice(-3).join(" | ").slice(-300);
  if (code !== wanted.code) return `ended with ${code ?? "a signal"}, not ${wanted.code}: ${said}`;
  return stdout.includes(wanted.says) ? undefined : `does not say "${wanted.says}": ${said}`;
}
