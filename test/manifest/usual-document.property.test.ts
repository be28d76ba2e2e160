import * as fc from "fast-check";
import { expect, test } from "vitest";

import { AliasBudget, type Composition } from "../../src/manifest/composition.ts";
import { Fault } from "../../src/manifest/fault.ts";
import { readUsual } from "../../src/manifest/usual-document.ts";
import { readYaml } from "../../src/manifest/yaml-document.ts";
import { BODIES, SCALARS } from "./corpus.ts";

const key = fc.constantFrom("a", "name", "items", "on", "1.10", '"q"', "'q'", "x/y.z");
const scalar = fc.oneof(
  fc.constantFrom(
    "a",
    "b c",
    "a:b",
    "a#b",
    "1",
    '"a: b"',
    '"\\n"',
    "''",
    "[]",
    "{}",
    "[a, on]",
    "|\n        x\n",
    ">-",
  ),
  fc.constantFrom(...SCALARS),
);
const end = fc.constantFrom("", "", "", " ", " # note", "\n", "\n# note", "\r");
const indent = fc.constantFrom("", "", "  ", "  ", "    ", "      ", " ");
const line = fc.oneof(
  fc.tuple(indent, key, fc.constantFrom(":", ": "), fc.option(scalar, { nil: "" }), end),
  fc.tuple(
    indent,
    fc.constantFrom("- ", "-   "),
    fc.option(
      key.map((one) => `${one}: `),
      { nil: "" },
    ),
    scalar,
    end,
  ),
);
const lines = fc.array(
  line.map((parts) => parts.join("")),
  { minLength: 1, maxLength: 8 },
);
const document = fc.oneof(
  lines.map((all) => `${all.join("\n")}\n`),
  fc.constantFrom(...BODIES),
);

test("a document of the usual form is read as the reader of all of YAML reads it", () => {
  let usual = 0;
  fc.assert(
    fc.property(document, (text) => {
      const chunk = { text, offset: 7 };
      const read = outcome(() => readUsual(chunk));
      if (read === undefined) return;
      usual += 1;
      expect(read).toEqual(outcome(() => readYaml(chunk, new AliasBudget())));
    }),
    { numRuns: 3000, seed: 1 },
  );
  expect(usual).toBeGreaterThan(300);
});

function outcome(read: () => Composition | undefined): object | undefined {
  try {
    const composition = read();
    return composition && { ...composition, items: [...composition.items] };
  } catch (error) {
    if (error instanceof Fault) return { offset: error.offset, message: error.message, remedy: error.remedy };
    throw error;
  }
}

test.each([
  "a: b\nc:\n  d: 1\n  e: true\n",
  "# note\n\na: b # note\n",
  "a:\n- b\n-   c: d\n    e:\n      - f\n",
  'a: "b: \\"c\\" # d"\n"e": \'f\'\n',
  "a: |\n  b\n\n  c\nd: >-\n  e\n",
  'a: []\nb: {}\nc: [d, "e"]\n',
  "a: http://b:80/c#d\ne: -1\n",
])("is of the usual form: %j", (text) => {
  expect(readUsual({ text, offset: 0 })).toBeDefined();
});

test.each([
  "",
  "a\n",
  "a: &b c\n",
  "a: b\n  c\n",
  "a: {b: c}\n",
  "a: !!str b\n",
  "? a\n",
  "a: b\r\n",
  "__proto__: a\n",
])("is left to the reader of all of YAML: %j", (text) => {
  expect(readUsual({ text, offset: 0 })).toBeUndefined();
});
