import { spawn } from "node:child_process";
import { once } from "node:events";

// Each line names all processes that live now. The end of the input means that we are gone, however we went: the
// system closes the pipe on a crash and on SIGKILL too, where no handler of ours could run. A last line that was cut
// short by that end is not obeyed.
const SCRIPT = `
trap '' INT TERM HUP
alive=
while read -r line; do alive=$line; done
[ -z "$alive" ] || kill -KILL $alive 2>/dev/null
rm -rf "$1"
`;

/** Ends what is left of us when this process ends in any way, and removes our folder. */
export interface Guardian {
  /** Says which processes live now; replaces what was said before. */
  watch(pids: readonly number[]): void;
  /** Ends what is watched, removes the folder and goes. */
  dismiss(): Promise<void>;
}

/** Starts a guardian over `folder`: a shell in a session of its own, which no Ctrl-C reaches. */
export function startGuardian(folder: string): Guardian {
  const child = spawn("/bin/sh", ["-c", SCRIPT, "guardian", folder], {
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  const gone = once(child, "exit");
  // Somebody else may end the guardian; that must not end us.
  child.stdin.on("error", () => {});
  return {
    watch: (pids) => void child.stdin.write(`${pids.join(" ")}\n`),
    async dismiss() {
      child.stdin.end();
      await gone;
    },
  };
}
