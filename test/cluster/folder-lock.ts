import { randomUUID } from "node:crypto";
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const BEAT = 2_000;
const DEAD_AFTER = 20_000;

export interface LockOptions {
  /** Called once when somebody else holds the lock. */
  readonly onWait: () => void;
  /** Milliseconds without a sign of life after which a holder counts as dead. Default: 20 s. */
  readonly deadAfter?: number;
}

/**
 * Waits until this process alone fills a folder. The holder touches the lock file every two seconds; one that was killed
 * stops, and the next takes over (a process id would say nothing where containers share the folder). Two that take over
 * at once do no harm: every tool is moved into place whole. They only do the work twice.
 */
export async function lockFolder(
  folder: string,
  { onWait, deadAfter = DEAD_AFTER }: LockOptions,
): Promise<AsyncDisposable> {
  const file = join(folder, "lock");
  const holder = randomUUID();
  let hasWaited = false;
  while (!(await take(file, holder))) {
    if (await isDead(file, deadAfter)) await rm(file, { force: true });
    else if (!hasWaited) {
      hasWaited = true;
      onWait();
    }
    await pause(100);
  }
  const beat = setInterval(() => void touch(file), BEAT);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      // Whoever took over thinking us dead keeps its lock.
      if ((await readFile(file, "utf8").catch(() => "")) === holder) await rm(file, { force: true });
    },
  };
}

async function take(file: string, holder: string): Promise<boolean> {
  try {
    await using handle = await open(file, "wx");
    await handle.writeFile(holder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isDead(file: string, deadAfter: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).mtimeMs > deadAfter;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  // Gone means that somebody took over; there is nothing left to keep alive.
  await utimes(file, now, now).catch(() => {});
}
