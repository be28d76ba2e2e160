import type { Problem } from "../model/problem.ts";
import { LIMITS, tooLarge } from "./limits.ts";

export type Decoded =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "refused"; readonly problem: Problem };

/** The text of a file in UTF-8, or in UTF-16 with a byte order mark. Bytes that are no text are refused, with their place. */
export function decodeText(bytes: Uint8Array, file: string): Decoded {
  if (bytes.length > LIMITS.bytes) return { kind: "refused", problem: tooLarge(file) };
  const encoding = encodingOf(bytes);
  try {
    return { kind: "text", text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { kind: "refused", problem: notText(bytes, encoding, file) };
  }
}

function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}

function notText(bytes: Uint8Array, encoding: string, file: string): Problem {
  const refused = {
    code: "yaml-invalid",
    level: "error",
    remedy: "save the file as UTF-8, and keep binary content in base64",
  } as const;
  if (encoding !== "utf-8")
    return { ...refused, message: `${file}: not valid UTF-16`, at: { file, line: 1, column: 1 } };
  const offset = firstInvalid(bytes);
  const before = bytes.subarray(0, offset);
  const lineStart = before.lastIndexOf(0x0a) + 1;
  const line = before.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 1);
  return {
    ...refused,
    message: `${file}: not valid UTF-8 at byte ${offset}`,
    at: { file, line, column: new TextDecoder().decode(before.subarray(lineStart)).length + 1 },
  };
}

/** Where bytes and the text that replaces what is invalid start to differ. */
function firstInvalid(bytes: Uint8Array): number {
  const replaced = Buffer.from(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  return bytes.findIndex((byte, index) => byte !== replaced[index]);
}
