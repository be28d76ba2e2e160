import { expect, test } from "vitest";

import { decodeText } from "../../src/manifest/text.ts";
import { showProblems } from "./shown.ts";

test.each([
  ["UTF-8", Buffer.from("a: é 😀\n"), "a: é 😀\n"],
  ["UTF-8 with a byte order mark", Buffer.from("\uFEFFa: b"), "a: b"],
  ["UTF-16 as Windows writes it", Buffer.from("\uFEFFa: é", "utf16le"), "a: é"],
  ["UTF-16 in the other order", Buffer.from("\uFEFFa: é", "utf16le").swap16(), "a: é"],
])("%s is text", (_, bytes, text) => {
  expect(decodeText(bytes, "web.yaml")).toEqual({ kind: "text", text });
});

test.each([
  ["a byte that starts nothing", [0x61, 0x0a, 0x62, 0xff, 0x63], "2:2 web.yaml: not valid UTF-8 at byte 3"],
  ["a sequence that is cut off", [0x61, 0xe2, 0x82], "1:2 web.yaml: not valid UTF-8 at byte 1"],
  ["half of a surrogate pair", [0xed, 0xa0, 0x80], "1:1 web.yaml: not valid UTF-8 at byte 0"],
  ["a byte behind a replacement character", [0xef, 0xbf, 0xbd, 0x80], "1:2 web.yaml: not valid UTF-8 at byte 3"],
  ["UTF-16 that ends in the middle", [0xff, 0xfe, 0x61], "1:1 web.yaml: not valid UTF-16"],
])("%s is refused with its place", (_, bytes, shown) => {
  const decoded = decodeText(Uint8Array.from(bytes), "web.yaml");
  expect(decoded.kind === "refused" && showProblems([decoded.problem])).toBe(
    `error yaml-invalid ${shown}; save the file as UTF-8, and keep binary content in base64`,
  );
});
