import { expect, test } from "vitest";

import { cluster } from "../cluster/cluster.ts";
import { BODIES, FILES, REFUSED, SCALARS } from "./corpus.ts";
import { numbered, readByKubectl, readByUs } from "./kubectl.ts";

// The oracle is the pinned kubectl: the same values, or both refuse.

test.each([
  ["a value", (scalar: string) => `data:\n  a: ${scalar}`],
  ["a key", (scalar: string) => `data:\n  ${scalar}: a`],
  ["a value in brackets", (scalar: string) => `data: [${scalar}, x]`],
  ["a key in braces", (scalar: string) => `data: {${scalar}: x}`],
  ["a list item and its key", (scalar: string) => `data:\n- ${scalar}\n- ${scalar}: ${scalar}`],
])("every scalar as %s is what kubectl reads", async (_, bodyOf) => {
  expect(SCALARS.length).toBeGreaterThan(172);
  expect(await differences(SCALARS.map((scalar, index) => numbered(index, bodyOf(scalar))))).toEqual([]);
});

test.each([
  ["\n", "line feeds"],
  ["\r\n", "carriage returns"],
])("every document is what kubectl reads, with lines that end in %j", async (end) => {
  expect(BODIES.length).toBeGreaterThan(60);
  expect(await differences(BODIES.map((body, index) => numbered(index, body).replaceAll("\n", end)))).toEqual([]);
});

test("documents without a last line break are what kubectl reads", async () => {
  expect(await differences(BODIES.map((body, index) => numbered(index, body).trimEnd()))).toEqual([]);
});

test("files of several documents, JSON streams and lists are what kubectl reads", async () => {
  expect(await differences(FILES.map((fileOf, index) => fileOf(index)))).toEqual([]);
});

test.each(REFUSED)("%s: kubectl takes it, we do not", async (_, fileOf) => {
  expect(await readByKubectl(cluster().tools.kubectl, [fileOf(0)])).not.toEqual([""]);
  expect(readByUs(fileOf(0))).toBe("");
});

async function differences(files: readonly string[]): Promise<readonly unknown[]> {
  const theirs = await readByKubectl(cluster().tools.kubectl, files);
  const accepted = theirs.filter((text) => text !== "").length;
  if (accepted < files.length / 3) throw new Error(`kubectl took ${accepted} of ${files.length} files only`);
  const both = files.map((text, index) => ({ text, kubectl: theirs[index], plumbline: readByUs(text) }));
  return both.filter(({ kubectl, plumbline }) => kubectl !== plumbline);
}
