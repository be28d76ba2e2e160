import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";

/** What a stub was called with. */
export interface Call {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A program that prints itself as a ConfigMap with its arguments, environment and working folder. Its path. */
export async function stubTool(folder: string, name: string): Promise<string> {
  const report = [
    "#!/bin/sh",
    'echo "apiVersion: v1"',
    'echo "kind: ConfigMap"',
    'echo "metadata: {name: call}"',
    'echo "data:"',
    'echo "  cwd: \\"$(/bin/pwd)\\""',
    'echo "  args: |"',
    'for arg in "$@"; do echo "    $arg"; done',
    'echo "  env: |"',
    '/usr/bin/env | /bin/sed "s/^/    /"',
  ].join("\n");
  return script(folder, name, report);
}

/** An executable file with this text. Its path. */
export async function script(folder: string, name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text.startsWith("#!") ? text : `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

/** Reads what a stub said of its call. */
export function callOf(data: unknown): Call {
  const { args = "", env = "", cwd = "" } = data as Record<string, string>;
  const pairs = env
    .split("\n")
    .filter((line) => line.includes("="))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  return {
    args: args.split("\n").filter((line) => line !== ""),
    env: Object.fromEntries(pairs) as Record<string, string>,
    cwd,
  };
}
