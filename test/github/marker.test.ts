import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Marker } from "../../src/model/github.ts";
import { formatMarker, hasMarker, withMarker } from "../../src/github/marker.ts";

const plan: Marker = { kind: "plan", key: "" };
const markers = fc.record({ kind: fc.constantFrom("plan", "apply", "drift"), key: fc.string() });

test("a marker is one HTML comment with kind and key", () => {
  expect(formatMarker(plan)).toBe('<!-- plumbline:v1 {"kind":"plan","key":""} -->');
  expect(formatMarker({ kind: "drift", key: "production/web" })).toBe(
    '<!-- plumbline:v1 {"kind":"drift","key":"production/web"} -->',
  );
});

test("no key ends the comment early or breaks the line", () => {
  fc.assert(
    fc.property(markers, (marker) => {
      const text = formatMarker(marker);
      expect(text.indexOf("-->")).toBe(text.length - "-->".length);
      expect(text).not.toMatch(/[\r\n]/);
    }),
  );
});

test("a text has exactly the marker it was given, and giving it twice changes nothing", () => {
  fc.assert(
    fc.property(markers, markers, fc.string(), (marker, other, text) => {
      const marked = withMarker(text, marker);
      expect(withMarker(marked, marker)).toBe(marked);
      expect(hasMarker(marked, marker)).toBe(true);
      expect(hasMarker(marked, other)).toBe(formatMarker(marker) === formatMarker(other));
    }),
  );
});

test.each([
  ["a space before it", ` ${formatMarker(plan)}\ntext`],
  ["a line before it", `hello\n${formatMarker(plan)}\ntext`],
  ["a byte order mark before it", `\uFEFF${formatMarker(plan)}\ntext`],
  ["text after it on the line", `${formatMarker(plan)} text`],
  ["a quote", `> ${formatMarker(plan)}`],
  ["another version", formatMarker(plan).replace("v1", "v2")],
  ["keys in another order", '<!-- plumbline:v1 {"key":"","kind":"plan"} -->\ntext'],
])("%s is not our marker", (_what, text) => {
  expect(hasMarker(text, plan)).toBe(false);
});
