import { spawn } from "node:child_process";
import { once } from "node:events";
import { text as textOf } from "node:stream/consumers";

export interface KubectlAnswer {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

export interface KubectlOptions {
  /** Standard input. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export type Kubectl = (args: readonly string[], options?: KubectlOptions) => Promise<KubectlAnswer>;

/** The pinned kubectl as a person runs it, with a discovery cache of the run's own. */
export function kubectlOf(
  file: string,
  options: { readonly kubeconfig: string; readonly cacheFolder: string },
): Kubectl {
  return async (args, { input = "", env = {} } = {}) => {
    const child = spawn(file, args, {
      env: {
        PATH: "/usr/bin:/bin",
        KUBECONFIG: options.kubeconfig,
        KUBERC: "off",
        KUBECACHEDIR: options.cacheFolder,
        ...env,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // kubectl may end before it has read everything; its errors say why.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const [output, errors, [code]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, "close"),
    ]);
    return { code: code as number, output, errors };
  };
}
