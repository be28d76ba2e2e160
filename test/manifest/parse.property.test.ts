import * as fc from "fast-check";
import { dump } from "js-yaml";
import { expect, test } from "vitest";
import { stringify } from "yaml";

import { canonicalJson, formatJson, type Json } from "../../src/model/json.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { prepare } from "../../src/manifest/normalize.ts";
import { validateObjects } from "../../src/manifest/validate.ts";
import { BODIES } from "./corpus.ts";
import { numbered } from "./kubectl.ts";

const CHARACTERS = [...new Set(" \n\t:-?[]{},#&*!|>'\"ab1.\\%@`=<~".split(""))];
const WORDS = [
  "\n  ",
  "\n- ",
  ": ",
  "---\n",
  "...\n",
  "&a ",
  "*a",
  "<<: ",
  "\r\n",
  "__proto__: ",
  "\uFEFF",
  "\u2028",
  "${a}",
  '{"a":1}',
];
const fragments = fc.constantFrom(...CHARACTERS, ...WORDS);
const noise = fc.array(fragments, { maxLength: 60 }).map((parts) => parts.join(""));
const damaged = fc
  .record({ body: fc.constantFrom(...BODIES), at: fc.nat(200), cut: fc.nat(5), put: noise })
  .map(({ body, at, cut, put }) => numbered(0, body.slice(0, at) + put + body.slice(at + cut)));

test("no text makes it throw, and whatever it reads can be checked and sent", () => {
  fc.assert(
    fc.property(fc.oneof(noise, damaged, fc.string({ unit: "binary" })), (text) => {
      const { objects, problems } = parseManifests(text, "file.yaml");
      const found = [...problems, ...validateObjects(objects)];
      expect(found.every(({ message, remedy }) => !/[\r\n]/.test(message + remedy))).toBe(true);
      expect(objects.every(({ object }) => JSON.parse(formatJson(prepare(object))) !== undefined)).toBe(true);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test("places lie inside the file", () => {
  fc.assert(
    fc.property(damaged, (text) => {
      const { objects, problems } = parseManifests(text, "file.yaml");
      const lines = text.split("\n");
      const places = [...objects, ...problems].flatMap(({ at }) => at ?? []);
      expect(places.every(({ line, column }) => column <= (lines[line - 1]?.length ?? -1) + 1)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

// `yaml` writes these raw, and kubectl ends a line there.
const text = fc.string({ unit: "grapheme" }).map((written) => written.replaceAll(/[\u0085\u2028\u2029]/g, ""));
const scalar = fc.oneof(fc.string(), text, fc.integer(), fc.boolean(), fc.constant(null));
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar as fc.Arbitrary<Json>,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 4 },
    ),
  ),
}));

test.each<[string, (value: unknown) => string]>([
  ["JSON", (object) => JSON.stringify(object)],
  ["JSON with indentation", (object) => JSON.stringify(object, undefined, "\t")],
  ["js-yaml", (object) => dump(object, { noRefs: true })],
  ["yaml", (object) => stringify(object, { version: "1.1", aliasDuplicateObjects: false })],
])("what %s writes is read as it was", (_, write) => {
  fc.assert(
    fc.property(value, (data) => {
      const object = { apiVersion: "acme.io/v1", kind: "Settings", metadata: { name: "a" }, data };
      const { objects, problems } = parseManifests(write(object), "file.yaml");
      expect(problems).toEqual([]);
      expect(objects.map(({ object: read }) => canonicalJson(read))).toEqual([canonicalJson(object)]);
    }),
    { numRuns: 500 },
  );
});

test("aliases, merges and copies share nothing", () => {
  const text = numbered(0, "a: &a {x: [1, {y: 2}]}\nb: *a\nc: {<<: *a}\nd: [*a, *a]");
  const seen = new Set<unknown>();
  const visit = (one: unknown): void => {
    if (typeof one !== "object" || one === null) return;
    expect(seen.has(one)).toBe(false);
    seen.add(one);
    Object.values(one).forEach(visit);
  };
  visit(parseManifests(text, "file.yaml").objects[0]?.object);
  expect(seen.size).toBeGreaterThan(15);
});

test.each(["__proto__: {polluted: true}", "a: &p {__proto__: {polluted: true}}\nb: {<<: *p}", "? __proto__\n: 1"])(
  "%j is refused and pollutes nothing",
  (body) => {
    const { objects, problems } = parseManifests(numbered(0, body), "file.yaml");
    expect(objects).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual(["file.yaml: the key __proto__ is not accepted"]);
    expect("polluted" in {}).toBe(false);
  },
);
