import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** How often a tree of processes is looked at, in milliseconds; what ends between two looks was seen a moment before. */
const INTERVAL = 10;
const MEGABYTE = 1024;
const TICKS_PER_SECOND = 100;

/** What a tree of processes has needed at most so far. */
export interface MemoryWatch extends Disposable {
  /** Megabytes (2^20) of all processes at one moment; the code that processes of one program share counts once. */
  readonly peak: () => number;
}

/** Watches the memory of a process and of all below it, from now on; Linux only. */
export function watchMemory(pid: number): MemoryWatch {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, treeMemory(pid));
  };
  look();
  const timer = setInterval(look, INTERVAL);
  return { peak: () => peak, [Symbol.dispose]: () => clearInterval(timer) };
}

/** Seconds of processor time that a process and its threads have used. */
export function cpuSeconds(pid: number): number {
  const [user = 0, system = 0] = times(readFileSync(`/proc/${pid}/stat`, "latin1"));
  return (user + system) / TICKS_PER_SECOND;
}

/** Seconds of processor time of all processes that this one has started and that are gone, with those below them. */
export function cpuSecondsOfChildren(): number {
  const [, , user = 0, system = 0] = times(readFileSync("/proc/self/stat", "latin1"));
  return (user + system) / TICKS_PER_SECOND;
}

/** `utime stime cutime cstime`; the name before them may hold spaces and parentheses. */
function times(stat: string): readonly number[] {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).map(Number);
}

function treeMemory(root: number): number {
  const shared = new Map<string, number>();
  let own = 0;
  for (const pid of treeOf(root)) {
    const used = memoryOf(pid);
    if (used === undefined) continue;
    own += used.own;
    shared.set(used.program, Math.max(shared.get(used.program) ?? 0, used.mapped));
  }
  return (own + [...shared.values()].reduce((sum, size) => sum + size, 0)) / MEGABYTE;
}

/** The ids of a process and of all below it. */
export function treeOf(root: number): readonly number[] {
  const pids = [root];
  // The list grows while it is walked.
  for (const pid of pids) pids.push(...childrenOf(pid));
  return pids;
}

function childrenOf(pid: number): readonly number[] {
  return attempt(() => readdirSync(`/proc/${pid}/task`), []).flatMap((thread) =>
    attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1"), "")
      .split(" ")
      .filter((child) => child !== "")
      .map(Number),
  );
}

interface Used {
  readonly program: string;
  /** Kilobytes that are this process's alone. */
  readonly own: number;
  /** Kilobytes of files, first of all the program's code. */
  readonly mapped: number;
}

function memoryOf(pid: number): Used | undefined {
  return attempt(() => {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    const kilobytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    const program = readlinkSync(`/proc/${pid}/exe`);
    return { program, own: kilobytes("RssAnon") + kilobytes("RssShmem"), mapped: kilobytes("RssFile") };
  }, undefined);
}

/** A process may end while it is looked at. */
function attempt<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
