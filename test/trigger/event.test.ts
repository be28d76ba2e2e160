import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEvent } from "../../src/trigger/event.ts";
import { comment, DEPENDABOT, dispatch, ENV, mergeGroup, pullRequest, push, SHA, workflowRun } from "./payload.ts";

describe("a pull request", () => {
  test("is known by numbers and commits", () => {
    expect(parseEvent("pull_request", pullRequest("opened"), ENV)).toEqual({
      kind: "pull-request",
      change: "replan",
      action: "opened",
      pull: { number: 12, headSha: SHA.head, baseSha: SHA.base, baseBranch: "main", fork: false, dependabot: false },
      sha: SHA.test,
    });
  });

  test.each([
    ["opened", {}, "replan"],
    ["synchronize", {}, "replan"],
    ["reopened", {}, "replan"],
    ["ready_for_review", {}, "replan"],
    ["edited", { changes: { base: { ref: { from: "develop" } } } }, "replan"],
    ["edited", { changes: { title: { from: "x" } } }, "other"],
    ["labeled", {}, "other"],
    ["closed", { merged: true }, "merged"],
    ["closed", {}, "closed"],
  ])("%s %j: %s", (action, options, change) => {
    expect(parseEvent("pull_request", pullRequest(action, options), ENV)).toMatchObject({ change });
  });

  test.each([
    ["its own repository", { id: 1 }, false],
    ["another repository", { id: 2 }, true],
    ["a repository that is gone", null, true],
  ])("from %s", (_, headRepo, fork) => {
    expect(parseEvent("pull_request", pullRequest("opened", { headRepo }), ENV)).toMatchObject({ pull: { fork } });
  });

  test.each([
    ["Dependabot, re-run by a person", DEPENDABOT, true],
    ["a person, re-run by Dependabot", { id: 7, login: "mona", type: "User" }, false],
    ["a person of that name", { id: 7, login: "dependabot[bot]", type: "User" }, false],
    ["an account that is gone", null, false],
  ])("by %s", (_, user, dependabot) => {
    expect(
      parseEvent("pull_request", pullRequest("opened", { user }), { ...ENV, GITHUB_ACTOR: "dependabot[bot]" }),
    ).toMatchObject({
      pull: { dependabot },
    });
  });
});

describe("other events", () => {
  test.each([
    ["push", push("refs/heads/main"), { kind: "push", branch: "main", sha: SHA.head, isDefaultBranch: true }],
    ["push", push("refs/heads/a/main"), { kind: "push", branch: "a/main", isDefaultBranch: false }],
    ["push", push("refs/tags/main"), { kind: "unknown", why: "it is no push to a branch" }],
    [
      "push",
      push("refs/heads/x", { deleted: true, after: "0".repeat(40) }),
      { kind: "unknown", why: "it deletes its branch" },
    ],
    [
      "merge_group",
      mergeGroup("checks_requested"),
      { kind: "merge-group", isRequested: true, headSha: SHA.head, baseSha: SHA.base },
    ],
    ["merge_group", mergeGroup("destroyed"), { kind: "merge-group", isRequested: false }],
    ["schedule", { schedule: "0 * * * *" }, { kind: "schedule", sha: SHA.test }],
    [
      "issue_comment",
      comment("/plumb plan"),
      {
        kind: "comment",
        isCreated: true,
        number: 12,
        isPullRequest: true,
        commentId: 5,
        author: "mona",
        authorId: 7,
        isBot: false,
        sha: SHA.test,
      },
    ],
    ["issue_comment", comment("x", { action: "edited" }), { kind: "comment", isCreated: false }],
    [
      "workflow_dispatch",
      dispatch({ inputs: { command: "drift" } }),
      { kind: "dispatch", command: "drift", isDefaultBranch: true },
    ],
    ["workflow_dispatch", dispatch({ inputs: null }), { kind: "dispatch", sha: SHA.test }],
    ["repository_dispatch", dispatch({ action: "plumbline.apply" }), { kind: "dispatch", command: "apply" }],
    [
      "repository_dispatch",
      dispatch({ action: "deploy" }),
      { kind: "unknown", why: "its type does not begin with plumbline." },
    ],
    [
      "pull_request_target",
      pullRequest("opened", { headRepo: { id: 2 } }),
      { kind: "privileged", fork: true, headSha: SHA.head, sha: SHA.test },
    ],
    ["workflow_run", workflowRun({ id: 1 }), { kind: "privileged", fork: false }],
    ["workflow_run", workflowRun(null), { kind: "privileged", fork: true }],
    ["watch", {}, { kind: "unknown", why: "it is not an event that Plumbline follows" }],
    ["constructor", {}, { kind: "unknown", why: "it is not an event that Plumbline follows" }],
  ])("%s", (name, payload, trigger) => {
    expect(parseEvent(name, payload, ENV)).toMatchObject(trigger);
  });

  test("a run on another branch says so", () => {
    expect(parseEvent("workflow_dispatch", dispatch({}), { ...ENV, GITHUB_REF: "refs/heads/x" })).toMatchObject({
      isDefaultBranch: false,
    });
    expect(parseEvent("workflow_dispatch", dispatch({}), { GITHUB_SHA: SHA.test })).toMatchObject({
      isDefaultBranch: false,
    });
  });
});

describe("a payload that is not what it should be", () => {
  test("is unreadable, with the fields that are wrong", () => {
    const payload = { ...pullRequest("opened"), number: "12" };
    expect(parseEvent("pull_request", payload, ENV)).toEqual({
      kind: "unreadable",
      event: "pull_request",
      why: "its payload has no valid number",
    });
    expect(parseEvent("push", push("refs/heads/main", { after: "--upload-pack=x" }), ENV)).toMatchObject({
      why: "its payload has no valid after",
    });
    expect(parseEvent("push", undefined, ENV)).toMatchObject({ why: "its payload is not an object" });
    expect(parseEvent("schedule", {}, { GITHUB_SHA: "main" })).toMatchObject({
      why: "GITHUB_SHA is not the SHA of a commit",
    });
  });

  test("never throws and never makes a trigger with a SHA that is none", () => {
    const names = [
      "pull_request",
      "pull_request_target",
      "workflow_run",
      "push",
      "merge_group",
      "issue_comment",
      "workflow_dispatch",
      "repository_dispatch",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), fc.jsonValue(), (name, value, inner) => {
        for (const payload of [
          value,
          { ...pullRequest("opened"), pull_request: inner },
          { ...push("refs/heads/main"), repository: inner },
        ]) {
          const trigger = parseEvent(name, payload, ENV);
          expect("sha" in trigger ? trigger.sha : SHA.test).toMatch(/^[0-9a-f]{40}$/);
        }
      }),
    );
  });
});
