import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** kubectl against one cluster, as a person types it. */
export function kubectlWith(kubectl: string, kubeconfig: string): (...args: readonly string[]) => Promise<string> {
  return async (...args) => {
    const { stdout } = await run(kubectl, [`--kubeconfig=${kubeconfig}`, ...args]);
    return `$ kubectl ${args.join(" ")}\n${stdout.trim()}`;
  };
}
