import { expect, test } from "vitest";

import { LIMITS } from "../../src/manifest/limits.ts";
import { decodeText } from "../../src/manifest/text.ts";
import { showFile, showProblems } from "./shown.ts";

const HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
const deep = "web.yaml: nested deeper than 100 levels; flatten the structure";

test.each([
  ["3 KB of brackets", `x: ${"[".repeat(3000)}`, `error yaml-invalid 1:104 ${deep}`],
  ["3 KB of braces", `x: ${"{a: ".repeat(750)}`, `error yaml-invalid 1:400 ${deep}`],
  ["brackets that close", "[".repeat(3000) + "]".repeat(3000), `error yaml-invalid 1:101 ${deep}`],
  ["brackets in JSON", `{"a":${"[".repeat(3000)}`, `error yaml-invalid 1:105 ${deep}`],
  [
    "deep indentation",
    Array.from({ length: 1000 }, (_, level) => `${" ".repeat(level)}a:`).join("\n"),
    `error yaml-invalid 101:102 ${deep}`,
  ],
  ["lists in lists", `${"- ".repeat(1000)}a`, `error yaml-invalid 1:201 ${deep}`],
])("%s are refused, and the process lives", (_, text, shown) => {
  expect(showFile(text)).toBe(shown);
});

test("a hundred levels are read", () => {
  expect(showFile(`${HEAD}x: ${"[".repeat(99)}${"]".repeat(99)}`)).toContain('"x":[[[');
});

test("an alias bomb is refused, and so are many small ones", () => {
  const level = (name: string, inner: string): string => `${name}: &${name} [${Array(9).fill(inner).join(", ")}]\n`;
  const bomb =
    level("a", "x") + level("b", "*a") + level("c", "*b") + level("d", "*c") + level("e", "*d") + level("f", "*e");
  const refused = "web.yaml: aliases stand for more than 400000 values; write the values out";
  expect(showFile(`${HEAD}${bomb}${level("g", "*f")}`)).toContain(refused);
  expect(showFile(`${HEAD}${bomb}---\n`.repeat(8))).toContain(refused);
  expect(showFile(`${HEAD}${level("a", "x")}${level("b", "*a")}`)).not.toContain(refused);
});

test("aliases cannot nest deeper than text can", () => {
  const chain = Array.from(
    { length: 120 },
    (_, index) => `a${index}: &a${index} [${index === 0 ? "x" : `*a${index - 1}`}]\n`,
  );
  expect(showFile(`${HEAD}${chain.join("")}`)).toContain(deep);
});

test("a file of more than 50,000 documents is refused as a whole", () => {
  expect(showFile(`${HEAD}---\n`.repeat(LIMITS.documents + 1))).toBe(
    "error yaml-invalid 1:1 web.yaml: more than 50000 documents; split the file",
  );
});

test("a file of more than 20 MB is refused before it is looked at", () => {
  const refused = "error too-large 1:1 web.yaml: larger than 20 MB; split it, or keep large content elsewhere";
  expect(showFile(`#${" ".repeat(LIMITS.bytes)}`)).toBe(refused);
  const decoded = decodeText(new Uint8Array(LIMITS.bytes + 1), "web.yaml");
  expect(decoded.kind === "refused" && showProblems([decoded.problem])).toBe(refused);
});

test("a line of 1 MB is read, one of more than 4 MB is refused", () => {
  expect(showFile(`${HEAD}x: ${"a".repeat(1_000_000)}`).length).toBeGreaterThan(1_000_000);
  expect(showFile(`${HEAD}x: ${"a".repeat(LIMITS.line)}`)).toBe(
    "error yaml-invalid 4:1 web.yaml: a line is longer than 4000000 characters; break the line",
  );
});

test("a number of a million digits is no number to kubectl, and costs no time", () => {
  expect(showFile(`${HEAD}x: ${"1".repeat(1_000_000)}`)).toMatch(/"x":"1{1000000}"/);
  expect(showFile(`{"x": ${"1".repeat(1_000_000)}}`)).toContain("a number is too large");
});

test("a NUL is refused with its line", () => {
  expect(showFile(`${HEAD}x: a\0b`)).toBe(
    "error yaml-invalid 4:1 web.yaml: holds a NUL character; remove it, or keep binary content in base64",
  );
});

test("a map of 100,000 keys is read", () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => `  key${index}: v\n`).join("");
  expect(showFile(`${HEAD}data:\n${keys}`)).toMatch(/^1:1 .*"key99999":"v"/);
});

test("of very many problems in a file the first 200 are listed, and the rest is counted", () => {
  const lines = showFile(`${HEAD}${"x: 1\n".repeat(300)}`).split("\n");
  expect(lines).toHaveLength(1 + 200 + 1);
  expect(lines.at(-1)).toBe(
    "caution document-invalid 0:0 web.yaml: 99 more problems are not listed; mend the ones above first",
  );
});
