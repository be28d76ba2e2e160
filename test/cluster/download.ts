import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

import { checksumInGithubRelease, checksumInList } from "./checksum.ts";
import type { Checksum } from "./checksum.ts";
import type { Release } from "./release.ts";
import { fileInArchive } from "./tar.ts";
import type { Tool } from "./tool.ts";

const ATTEMPTS = 3;
const PER_ATTEMPT = 10 * 60_000;

/**
 * Downloads a tool to `output`, executable, after its content was found equal to the published checksum. Where anything
 * is wrong it throws one message and leaves no file.
 */
export async function download(tool: Tool, release: Release, output: string): Promise<void> {
  const expected = await publishedChecksum(tool, release);
  const content = await read(tool, release.url);
  const actual = createHash(expected.algorithm).update(content).digest("hex");
  if (actual !== expected.hex) {
    throw new Error(
      `${tool}: ${release.url} is not what its publisher announced: ${expected.algorithm} is ${actual}, ${release.checksum.url} says ${expected.hex}; try again, and trust no mirror that keeps doing this`,
    );
  }
  const program = release.form === "archive" ? fileInArchive(content, tool) : content;
  await writeWhole(output, program);
}

async function publishedChecksum(tool: Tool, { asset, checksum }: Release): Promise<Checksum> {
  const text = Buffer.from(await read(tool, checksum.url)).toString();
  const found = checksum.kind === "list" ? checksumInList(text, asset) : checksumInGithubRelease(text, asset);
  if (found !== undefined) return found;
  throw new Error(
    `${tool}: ${checksum.url} has no checksum of ${asset}, so nothing is downloaded; install Go, which builds it here`,
  );
}

/** The body of a URL. A server that is overloaded or a line that breaks gets a second and a third chance. */
async function read(tool: Tool, url: string): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const answer = await tryRead(url);
    if (answer.kind === "content") return answer.content;
    if (answer.kind === "refused" || attempt === ATTEMPTS) {
      const remedy = "check the network, install Go, or set KUBEBUILDER_ASSETS to a folder that has it";
      throw new Error(`${tool}: ${url} ${answer.reason}; ${remedy}`, { cause: answer.cause });
    }
    await pause(attempt * 500);
  }
}

type Reading =
  | { readonly kind: "content"; readonly content: Uint8Array }
  | { readonly kind: "refused" | "interrupted"; readonly reason: string; readonly cause?: unknown };

async function tryRead(url: string): Promise<Reading> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PER_ATTEMPT) });
    if (response.ok) return { kind: "content", content: new Uint8Array(await response.arrayBuffer()) };
    await response.body?.cancel();
    const again = response.status >= 500 || response.status === 429;
    return { kind: again ? "interrupted" : "refused", reason: `answered ${response.status}` };
  } catch (cause) {
    return { kind: "interrupted", reason: "could not be read", cause };
  }
}

async function writeWhole(output: string, content: Uint8Array): Promise<void> {
  try {
    await writeFile(output, content, { mode: 0o755 });
    // A full disk may go unnoticed until the file is read.
    if ((await readFile(output)).length === content.length) return;
    throw new Error(`${output}: was cut short; is the disk full?`);
  } catch (error) {
    await rm(output, { force: true });
    throw error;
  }
}
