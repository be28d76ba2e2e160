import { expect, test } from "vitest";

import { checksumInGithubRelease, checksumInList } from "./checksum.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);

test.each([
  { form: "a bare digest", list: A, hex: A },
  { form: "a bare digest in capitals with an end of line", list: `${A.toUpperCase()}\n`, hex: A },
  { form: "one line of digest and name", list: `${A}  tool.tar.gz\n`, hex: A },
  { form: "a binary-mode line", list: `${A} *tool.tar.gz\n`, hex: A },
  { form: "one line of many", list: `${B}  other.tar.gz\n${A}  tool.tar.gz\n`, hex: A },
  { form: "SHA-512", list: `${A}${A}  tool.tar.gz\n`, hex: `${A}${A}` },
])("$form is read", ({ list, hex }) => {
  expect(checksumInList(list, "tool.tar.gz")).toEqual({ algorithm: hex.length === 64 ? "sha256" : "sha512", hex });
});

test.each([
  { case: "an empty list", list: "" },
  { case: "a list of other files", list: `${B}  other.tar.gz\n` },
  { case: "a list with a file whose name only ends like it", list: `${B}  my-tool.tar.gz\n` },
  { case: "a page of HTML", list: "<html>sign in</html>\n" },
  { case: "a digest that is cut short", list: A.slice(1) },
  { case: "two bare digests", list: `${A}\n${B}\n` },
])("$case has no checksum", ({ list }) => {
  expect(checksumInList(list, "tool.tar.gz")).toBe(undefined);
});

test("GitHub's digest of a release asset is read, and one that it has not computed is none", () => {
  const assets = [
    { name: "tool", digest: `sha256:${A}` },
    { name: "old-tool", digest: null },
  ];
  const release = JSON.stringify({ assets });
  expect(checksumInGithubRelease(release, "tool")).toEqual({ algorithm: "sha256", hex: A });
  expect(checksumInGithubRelease(release, "old-tool")).toBe(undefined);
  expect(checksumInGithubRelease(release, "no-tool")).toBe(undefined);
});
