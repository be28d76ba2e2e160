import * as fc from "fast-check";
import { expect, test } from "vitest";
import { byteLength, fit, type Cut, type Part } from "../../src/report/fit.ts";

const note = ({ total, all, name }: Cut): string => `[${all}/${name}/${total}]`;

function part(full: string, name: string): Part {
  return {
    text: full,
    shorter: [
      { round: 1, text: name, shows: "name" },
      { round: 2, text: "", shows: "nothing" },
    ],
    counted: true,
  };
}

function kept(text: string): Part {
  return { text, shorter: [] };
}

test("what fits is left as it is", () => {
  expect(fit([kept("title "), part("one ", "1")], [kept("end")], { limit: 13, note })).toBe("title one end");
});

test("the largest part gives way first, and the text says what is missing", () => {
  const parts = [part("aaaa", "A"), part("bbbbbbbbbbbbbbbb", "B"), part("cccccc", "C")];
  expect(fit(parts, [kept("|")], { limit: 25, note })).toBe("aaaaBcccccc[2/1/3]|");
});

test("names go only when all bodies are gone", () => {
  const parts = [part("aaaaaaaa", "A"), part("bbbbbbbb", "B")];
  expect(fit(parts, [], { limit: 9, note })).toBe("AB[0/2/2]");
  expect(fit(parts, [], { limit: 8, note })).toBe("A[0/1/2]");
});

test("what must be kept is never cut", () => {
  expect(fit([kept("title"), part("a".repeat(50), "A")], [], { limit: 1, note })).toBe("title[0/0/1]");
});

test("a text is never longer than its limit, in bytes, and holds only whole parts", () => {
  const word = fc.constantFrom("a", "é", "漢字", "👩‍💻", "plain text ");
  const body = fc.array(word, { minLength: 3, maxLength: 30 }).map((words) => `<${words.join("")}>`);
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 12 }), fc.integer({ min: 20 }), (bodies, off) => {
      const parts = bodies.map((text) => part(text, "<n>"));
      const whole = byteLength(bodies.join(""));
      for (const limit of [whole - 1, whole, whole + 1, 20 + (off % (whole + 1))]) {
        const text = fit(parts, [], { limit: Math.max(20, limit), note });
        expect(byteLength(text)).toBeLessThanOrEqual(Math.max(20, limit));
        const pieces = text.match(/<[^<>]*>/g) ?? [];
        expect(pieces.every((piece) => piece === "<n>" || bodies.includes(piece))).toBe(true);
      }
    }),
  );
});
