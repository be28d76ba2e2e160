import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRemoteFile, remoteReason } from "../../src/render/reference.ts";
import { repositoryPath } from "../../src/render/repository-path.ts";
import { HOSTILE_REFERENCES } from "./hostile-references.ts";

describe("a reference of a kustomization", () => {
  test.each(HOSTILE_REFERENCES)("%j is refused", (reference) => {
    expect(remoteReason(reference) ?? repositoryPath("apps/web", reference)).not.toBe(undefined);
    expect(remoteReason(reference)).toBeTypeOf("string");
  });

  test.each([
    "../base",
    "./base",
    "base",
    "service.yaml",
    "a-b/c_d.yaml",
    "system:reader.yaml",
    "..",
    ".",
    "v1.2/web",
    "github/base",
    "my.git/base",
  ])("%j is a path", (reference) => {
    expect(remoteReason(reference)).toBe(undefined);
  });

  test("what kustomize loads over HTTP is recognised in any case", () => {
    expect(["http://a/b", "HTTPS://a/b", "https:a"].every(isRemoteFile)).toBe(true);
    expect(isRemoteFile("metadata/annotations")).toBe(false);
  });
});

describe("a path in the repository", () => {
  test.each([
    ["apps/web", "../base", "apps/base"],
    ["apps/web", "./x//y/", "apps/web/x/y"],
    [".", "apps", "apps"],
    ["apps", "..", "."],
    ["apps", "../..", undefined],
    [".", "../x", undefined],
    ["apps", "/etc/passwd", undefined],
    ["apps", "a\\b", undefined],
    ["apps", "a\u0000b", undefined],
    ["apps", ".git/config", undefined],
    ["apps", "x/.GIT/config", undefined],
    ["apps", "", undefined],
  ])("from %j, %j is %j", (folder, reference, expected) => {
    expect(repositoryPath(folder, reference)).toBe(expected);
  });

  test("never leaves the repository, whatever is written", () => {
    const part = fc.constantFrom("..", ".", "a", "", ".git", "b c", "...", "/", "\\");
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (folder, reference) => {
        const start = repositoryPath(".", folder.join("/")) ?? ".";
        const result = repositoryPath(start, reference.join("/"));
        if (result === undefined) return;
        expect(result.split("/")).not.toContain("..");
        expect(result.startsWith("/")).toBe(false);
        expect(repositoryPath(".", result)).toBe(result);
      }),
    );
  });
});
