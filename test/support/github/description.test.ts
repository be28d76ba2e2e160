import { describe, expect, test } from "vitest";
import { answerErrors, matchOperation } from "./description.ts";

const at = "/repos/acme/shop";

describe("a path belongs to the operation that names it most closely", () => {
  test.each([
    [`${at}/commits/main/check-runs`, "checks/list-for-ref", { ref: "main" }],
    [`${at}/commits/heads/fix/one/check-runs`, "checks/list-for-ref", { ref: "heads/fix/one" }],
    [`${at}/commits/heads/fix/one`, "repos/get-commit", { ref: "heads/fix/one" }],
    [`${at}/commits/heads%2Fmain/status`, "repos/get-combined-status-for-ref", { ref: "heads/main" }],
    [`${at}/git/ref/heads/fix/one`, "git/get-ref", { ref: "heads/fix/one" }],
    [`${at}/contents/a/b%20c.yaml`, "repos/get-content", { path: "a/b c.yaml" }],
    [`${at}/contents/`, "repos/get-content", { path: "" }],
    [`${at}/branches/fix/one`, "repos/get-branch", { branch: "fix/one" }],
    [`${at}/compare/main...fix/one`, "repos/compare-commits-with-basehead", { basehead: "main...fix/one" }],
    [`${at}/issues/comments`, "issues/list-comments-for-repo", {}],
    [`${at}/issues/7/comments`, "issues/list-comments", { issue_number: "7" }],
    [
      `${at}/collaborators/github-actions%5Bbot%5D/permission`,
      "repos/get-collaborator-permission-level",
      { username: "github-actions[bot]" },
    ],
  ])("%s", (path, id, parameters) => {
    const match = matchOperation("GET", path);
    expect(match?.operation.id).toBe(id);
    expect(match?.parameters).toEqual({ owner: "acme", repo: "shop", ...parameters });
  });

  test("or to none", () => {
    expect(matchOperation("GET", `${at}/topics`)).toBeUndefined();
    expect(matchOperation("DELETE", at)).toBeUndefined();
  });
});

describe("an answer", () => {
  const get = matchOperation("GET", `${at}/git/ref/heads/main`)?.operation ?? expect.fail("no operation");
  const remove = matchOperation("DELETE", `${at}/git/refs/heads/main`)?.operation ?? expect.fail("no operation");

  test.each([
    [
      "fits",
      get,
      200,
      {
        ref: "refs/heads/main",
        node_id: "R",
        url: "https://x/y",
        object: { type: "commit", sha: "a".repeat(40), url: "https://x/y" },
      },
      [],
    ],
    ["is an error like any", get, 403, { message: "no" }, []],
    ["has nothing to say", remove, 204, undefined, []],
    ["says something where nothing is described", remove, 204, {}, ["a body is not described"]],
    ["says nothing where something is described", get, 200, undefined, ["a body is described, none was given"]],
    ["has a status that nobody described", get, 201, {}, ["status 201 is not described"]],
  ])("%s", (_, operation, status, body, errors) => {
    expect(answerErrors(operation, status, body)).toEqual(errors);
  });
});
