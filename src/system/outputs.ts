import { appendFile, mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../model/failure.ts";
import type { SafeText } from "../model/safe-text.ts";
import type { Outputs } from "../ports.ts";

export interface OutputPlaces {
  /** The runner's files for this step (GITHUB_OUTPUT, GITHUB_STEP_SUMMARY); absent outside a runner. */
  readonly outputFile?: string;
  readonly summaryFile?: string;
  /** Where plan.json and its like go; made when missing. */
  readonly folder: string;
}

// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions: 1 MiB for each step, above it the whole
// summary is lost and the job stays green. The last KiB is kept for the sentences that say what is missing.
const SUMMARY_BYTES = 1024 * 1024;
const RESERVED_BYTES = 1024;

export function createOutputs(places: OutputPlaces): Outputs {
  return {
    setOutput: (name, value) => setOutput(places.outputFile, name, value),
    appendSummary: (text) => appendSummary(places.summaryFile, text),
    writeFile: (name, text) => writeResult(places.folder, name, text),
  };
}

// The file command is written here and not by @actions/core, which finds the file through process.env only. The delimiter is
// random, so no value can end its own block and start another output.
async function setOutput(file: string | undefined, name: string, value: SafeText): Promise<void> {
  if (file === undefined) return;
  const delimiter = `end-${crypto.randomUUID()}`;
  await onDisk(file, () => appendFile(file, `${name}<<${delimiter}\n${value}\n${delimiter}\n`));
}

async function appendSummary(file: string | undefined, text: SafeText): Promise<void> {
  if (file === undefined) return;
  const used = await sizeOf(file);
  const piece = fitSummary(`${text}\n`, SUMMARY_BYTES - RESERVED_BYTES - used);
  if (used + Buffer.byteLength(piece) > SUMMARY_BYTES) return;
  await onDisk(file, () => appendFile(file, piece));
}

/** The sentence stands in front: behind the cut it could lie inside an open fence or fold, where nobody sees it. */
function fitSummary(text: string, room: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= room) return text;
  const end = bytes.subarray(0, Math.max(0, room)).lastIndexOf("\n") + 1;
  const note = `**Cut: ${bytes.length - end} of ${bytes.length} bytes are missing here, a job summary holds 1 MiB.**\n\n`;
  return note + bytes.subarray(0, end).toString("utf8");
}

async function writeResult(folder: string, name: string, text: SafeText): Promise<string> {
  if (name !== path.basename(name) || name.startsWith(".")) throw new TypeError(`not a file name: ${name}`);
  const file = path.resolve(folder, name);
  await onDisk(file, async () => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  });
  return file;
}

async function sizeOf(file: string): Promise<number> {
  return onDisk(file, async () => {
    const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    return found?.size ?? 0;
  });
}

async function onDisk<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
    throw new Failure("file-system", `${file}: could not be written (${code})`, {
      remedy: "check the disk and the folder's permissions",
      cause,
    });
  }
}
