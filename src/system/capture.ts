import type { Readable } from "node:stream";

/** What was kept of a stream, decoded as UTF-8 when it is asked for. */
export interface Capture {
  text(): string;
}

/** Keeps the first `limit` bytes and calls `onOverflow` once when there are more. */
export function captureHead(stream: Readable | null, limit: number, onOverflow: () => void): Capture {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on("data", (chunk: Buffer) => {
    if (size > limit) return;
    chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
    if (size > limit) onOverflow();
  });
  return { text: () => Buffer.concat(chunks).toString("utf8") };
}

/**
 * Keeps the last whole lines within `limit` bytes: a program that fails says why at the end. Half a line may hold half a secret;
 * of a line that is longer than half of what is kept, its last whole words.
 */
export function captureTail(stream: Readable | null, limit: number): Capture {
  let kept: Buffer = Buffer.alloc(0);
  let isWhole = true;
  stream?.on("data", (chunk: Buffer) => {
    const all = Buffer.concat([kept, chunk]);
    isWhole &&= all.length <= limit;
    kept = all.subarray(-limit);
  });
  const start = (): number => {
    if (isWhole) return 0;
    const line = kept.indexOf("\n") + 1 || kept.length;
    return line <= kept.length / 2 ? line : kept.indexOf(" ") + 1 || line;
  };
  return { text: () => kept.subarray(start()).toString("utf8") };
}
