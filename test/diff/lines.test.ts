import * as fc from "fast-check";
import { expect, test } from "vitest";
import { lineDiff, type LineDiff, type LineRun } from "../../src/diff/lines.ts";

function side(diff: LineDiff, gone: "removed" | "added"): string {
  return linesOf(diff)
    .filter(({ kind }) => kind !== gone)
    .map(({ text }) => text)
    .join("\n");
}

function linesOf({ runs }: LineDiff): readonly { readonly kind: LineRun["kind"]; readonly text: string }[] {
  return runs.flatMap(({ kind, lines }) => lines.map((text) => ({ kind, text })));
}

function draw(diff: LineDiff): string {
  const signs = { same: " ", removed: "-", added: "+" };
  return linesOf(diff)
    .map(({ kind, text }) => signs[kind] + text)
    .join("\n");
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
  expect(lineDiff("a\nb", "a\nb").runs.every(({ kind }) => kind === "same")).toBe(true);
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
  expect(linesOf(diff)).toHaveLength(40_000);
});

test("texts that would stall a diff are replaced between their common ends, and the answer says so", () => {
  const before = ["head", ...numbered(20_000), "tail"].join("\n");
  const after = ["head", ...numbered(20_000).toReversed(), "tail"].join("\n");
  const diff = lineDiff(before, after);
  expect(diff.coarse).toBe(true);
  expect([linesOf(diff)[0], linesOf(diff).at(-1)]).toEqual([
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
  expect(linesOf(diff).filter(({ kind }) => kind === "removed")).toHaveLength(10);
});

test("of texts with hundreds of thousands of lines only the ends are compared", () => {
  const before = `head\n${"a\nb\n".repeat(200_000)}tail`;
  const after = `head\n${"b\na\n".repeat(200_000)}tail`;
  const diff = lineDiff(before, after);
  expect(diff.coarse).toBe(true);
  expect(diff.runs.map(({ kind }) => kind)).toEqual(["same", "removed", "added", "same"]);
  expect([side(diff, "added"), side(diff, "removed")]).toEqual([before, after]);
});

test("lines that look alike are told apart by what they hold: line ends of Windows, half characters, keys of prototypes", () => {
  expect(draw(lineDiff("a\r\nb\r\n", "a\nb\n"))).toBe("-a\r\n-b\r\n+a\n+b\n ");
  expect(draw(lineDiff("\ud800\nx", "\udfff\nx"))).toBe("-\ud800\n+\udfff\n x");
  expect(draw(lineDiff("__proto__\nconstructor", "constructor\n__proto__"))).toBe(
    "-__proto__\n constructor\n+__proto__",
  );
});

test("neighbouring lines are one run, and no run is empty", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 30 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { runs } = lineDiff(before.join("\n"), after.join("\n"));
      expect(runs.every(({ lines }) => lines.length > 0)).toBe(true);
      expect(runs.some(({ kind }, index) => kind === "removed" && runs[index + 1]?.kind === "removed")).toBe(false);
    }),
  );
});
