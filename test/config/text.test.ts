import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDuration, toMilliseconds } from "../../src/model/duration.ts";
import { matchesGlob } from "../../src/model/glob.ts";
import { nearest } from "../../src/model/nearest.ts";
import { isRepositoryPath, resolvePath } from "../../src/config/repository-path.ts";

describe("a duration", () => {
  test.each([
    ["0s", 0],
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["7d", 604_800_000],
  ])("%s is %d milliseconds", (text, milliseconds) => {
    expect(toMilliseconds(text)).toBe(milliseconds);
  });

  test.each(["", "5", "m", "5 m", "-5m", "1.5h", "5m1h", "5m5m", "5M", "٣m", "5m\n"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(() => toMilliseconds(text)).toThrow(RangeError);
  });
});

describe("a pattern", () => {
  test("means the same as the regular expression", () => {
    const letters = (all: string) => fc.string({ unit: fc.constantFrom(...all.split("")), maxLength: 8 });
    fc.assert(
      fc.property(letters("ab/"), letters("ab/*?"), (text, pattern) => {
        const source = pattern.replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
        expect(matchesGlob(text, pattern)).toBe(new RegExp(`^${source}$`).test(text));
      }),
      { numRuns: 3000 },
    );
  });

  test("of many stars ends on a text that it does not match", () => {
    expect(matchesGlob("a".repeat(5000), `${"*a".repeat(500)}b`)).toBe(false);
  });

  test("has no letter with another meaning", () => {
    expect(matchesGlob("shop", "s.op")).toBe(false);
    expect(matchesGlob("s.op", "s.op")).toBe(true);
  });
});

describe("the nearest word", () => {
  test.each([
    ["timeuot", "timeout"],
    ["Timeout", "timeout"],
    ["prun", "prune"],
    ["colour", undefined],
    ["x".repeat(10_000), undefined],
  ])("of %.20s is %s", (word, expected) => {
    expect(nearest(word, ["timeout", "prune", "adopt"])).toBe(expected);
  });
});

describe("a path that was accepted", () => {
  test("stays inside the repository in every environment", () => {
    const part = fc.constantFrom("..", ".", "", "a", "-x", "$env", "$", "\\", "..a", "a b");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = parts.join("/");
        fc.pre(isRepositoryPath(path));
        const resolved = resolvePath(path, "production");
        expect(resolved).not.toMatch(/^[/-]|\$|\\|(^|\/)\.\.(\/|$)|\/$|^$/);
      }),
    );
  });
});
