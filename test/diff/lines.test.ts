import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lineDiff, type LineDiff } from "../../src/diff/lines.ts";

function side(diff: LineDiff, gone: "removed" | "added"): string {
  return diff.lines
    .filter(({ kind }) => kind !== gone)
    .map(({ text }) => text)
    .join("\n");
}

function draw(diff: LineDiff): string {
  const signs = { same: " ", removed: "-", added: "+" };
  return diff.lines.map(({ kind, text }) => signs[kind] + text).join("\n");
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `line ${index}`);
}

test("a changed line is removed and added, its neighbours stay", () => {
  expect(draw(lineDiff("a\nb\nc\n", "a\nB\nc\n"))).toBe(" a\n-b\n+B\n c\n ");
});

test("an inserted line moves nothing else", () => {
  expect(draw(lineDiff("{\n  a\n}\n", "{\n  a\n  b\n}\n"))).toBe(" {\n   a\n+  b\n }\n ");
});

test("a line that moved is found where it was and where it is", () => {
  expect(draw(lineDiff("a\nb\nc\nd", "b\nc\nd\na"))).toBe("-a\n b\n c\n d\n+a");
});

test("a line end that is missing at the end of the text is a difference", () => {
  expect(draw(lineDiff("a\n", "a"))).toBe(" a\n-");
});

test("equal texts have no difference", () => {
  expect(lineDiff("a\nb", "a\nb").lines.every(({ kind }) => kind === "same")).toBe(true);
});

test("both texts can be rebuilt, whatever they hold", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "", " ", "{", "}", "\r"), { maxLength: 40 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = lineDiff(before.join("\n"), after.join("\n"));
      expect([side(diff, "added"), side(diff, "removed")]).toEqual([before.join("\n"), after.join("\n")]);
      expect(diff.coarse).toBe(false);
    }),
  );
});

test("a text that changed in every line is compared in full, because no line is shared", () => {
  const before = numbered(20_000);
  const diff = lineDiff(before.join("\n"), before.map((line) => `${line}!`).join("\n"));
  expect(diff.coarse).toBe(false);
  expect(diff.lines).toHaveLength(40_000);
});

test("texts that would stall a diff are replaced between their common ends, and the answer says so", () => {
  const before = ["head", ...numbered(20_000), "tail"].join("\n");
  const after = ["head", ...numbered(20_000).toReversed(), "tail"].join("\n");
  const diff = lineDiff(before, after);
  expect(diff.coarse).toBe(true);
  expect([diff.lines[0], diff.lines.at(-1)]).toEqual([
    { kind: "same", text: "head" },
    { kind: "same", text: "tail" },
  ]);
  expect([side(diff, "added"), side(diff, "removed")]).toEqual([before, after]);
});

test("a long text with few edits among lines that repeat is compared in full", () => {
  const before = numbered(20_000).flatMap((line) => ["---", line]);
  const after = before.filter((_, index) => index % 4_000 !== 0);
  const diff = lineDiff(before.join("\n"), after.join("\n"));
  expect(diff.coarse).toBe(false);
  expect(diff.lines.filter(({ kind }) => kind === "removed")).toHaveLength(10);
});
