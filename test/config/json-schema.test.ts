import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { configJsonSchema, type JsonSchema } from "../../src/config/json-schema.ts";

const validate = new Ajv2020.Ajv2020().compile(configJsonSchema());

test("an editor accepts a configuration that uses every key", async () => {
  const text = await readFile(join(import.meta.dirname, "full.yaml"), "utf8");
  expect(validate(parse(text))).toBe(true);
});

test.each([
  "version: 2",
  "version: 1\nbots: x",
  "version: 1\ndrift: {after: soon}",
  "version: 1\napps: {web: {pth: a}}",
])("an editor marks %j", (text) => {
  expect(validate(parse(text))).toBe(false);
});

test("every key says what it means", () => {
  const silent: string[] = [];
  let seen = 0;
  visit(configJsonSchema(), "");
  expect(silent).toEqual([]);
  expect(seen).toBeGreaterThan(100);

  function visit(schema: JsonSchema, path: string): void {
    for (const [key, member] of Object.entries(schema.properties ?? {})) {
      seen += 1;
      if (member.description === undefined) silent.push(`${path}.${key}`);
      visit(member, `${path}.${key}`);
    }
    if (typeof schema.additionalProperties === "object") visit(schema.additionalProperties, `${path}.*`);
    if (schema.items !== undefined) visit(schema.items, `${path}[]`);
    for (const one of schema.anyOf ?? []) visit(one, path);
  }
});
