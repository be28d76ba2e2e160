import { describe, expect, test } from "vitest";
import { decide } from "../../src/trigger/command.ts";
import type { Decision, DecisionContext } from "../../src/trigger/decision.ts";
import { parseEvent } from "../../src/trigger/event.ts";
import type { Command } from "../../src/trigger/inputs.ts";
import { comment, DEPENDABOT, dispatch, ENV, mergeGroup, pullRequest, push, SHA, workflowRun } from "./payload.ts";

type Given = Partial<DecisionContext> & { readonly ref?: string };

function decisionOf(name: string, payload: unknown, { ref = ENV.GITHUB_REF, ...context }: Given = {}): Decision {
  const trigger = parseEvent(name, payload, { ...ENV, GITHUB_REF: ref });
  return decide(trigger, { command: "auto", hasCredential: true, checkedOut: SHA.test, ...context });
}

/** `plan`, `plan-offline: why`, `refused: message`: a decision in one line. */
function line(decision: Decision): string {
  if (decision.kind === "refused") return `refused: ${decision.problem.message}`;
  return "why" in decision ? `${decision.kind}: ${decision.why}` : decision.kind;
}

describe("auto follows the event", () => {
  test.each([
    ["pull_request", pullRequest("opened"), "plan"],
    ["pull_request", pullRequest("labeled"), "nothing: pull request event labeled changes no plan"],
    ["pull_request", pullRequest("closed"), "closed"],
    ["pull_request", pullRequest("closed", { headRepo: { id: 2 } }), "nothing: the pull request was closed"],
    [
      "pull_request",
      pullRequest("closed", { merged: true }),
      "nothing: the pull request was merged, its push applies it",
    ],
    ["merge_group", mergeGroup("checks_requested"), "check-only"],
    ["merge_group", mergeGroup("destroyed"), "nothing: the merge group is gone"],
    ["push", push("refs/heads/main"), "apply"],
    ["push", push("refs/heads/x"), "nothing: the push is not to the default branch"],
    ["push", push("refs/tags/v1"), "nothing: event push: it is no push to a branch"],
    ["schedule", {}, "drift"],
    ["issue_comment", comment("/plumb plan"), "comment-command"],
    ["issue_comment", comment("looks good"), "nothing: the comment is no command"],
    ["issue_comment", comment("/plumb plan", { action: "edited" }), "nothing: only a new comment is a command"],
    ["issue_comment", comment("/plumb plan", { user: DEPENDABOT }), "nothing: bots give no commands"],
    ["repository_dispatch", dispatch({ action: "plumbline.drift" }), "drift"],
    [
      "repository_dispatch",
      dispatch({ action: "plumbline.rm -rf" }),
      'refused: event repository_dispatch: it names "rm -rf"',
    ],
    ["workflow_dispatch", dispatch({ inputs: { command: "apply" } }), "apply"],
    ["workflow_dispatch", dispatch({}), "refused: event workflow_dispatch: it names no command"],
    ["watch", {}, "nothing: event watch: it is not an event that Plumbline follows"],
  ])("%s: %3$s", (name, payload, expected) => {
    expect(line(decisionOf(name, payload))).toBe(expected);
  });

  test("a comment of our own is no command", () => {
    expect(line(decisionOf("issue_comment", comment("/plumb plan"), { viewerId: 7 }))).toBe(
      "nothing: bots give no commands",
    );
  });

  test("a push applies what is new, a person who starts an apply wants all of it", () => {
    expect(decisionOf("push", push("refs/heads/main"))).toEqual({ kind: "apply", sha: SHA.head, full: false });
    expect(decisionOf("workflow_dispatch", dispatch({ inputs: { command: "apply" } }))).toEqual({
      kind: "apply",
      sha: SHA.test,
      full: true,
    });
  });
});

describe("a plan is offline", () => {
  test.each([
    ["from a fork", pullRequest("opened", { headRepo: { id: 2 } }), {}, "the pull request comes from a fork"],
    ["from a fork that is gone", pullRequest("opened", { headRepo: null }), {}, "the pull request comes from a fork"],
    ["of Dependabot", pullRequest("opened", { user: DEPENDABOT }), {}, "the pull request is Dependabot's"],
    ["without a credential", pullRequest("opened"), { hasCredential: false }, "there is no credential for a cluster"],
    [
      "from a fork, also when the command is named",
      pullRequest("opened", { headRepo: null }),
      { command: "plan" as const },
      "the pull request comes from a fork",
    ],
  ])("%s", (_, payload, context, why) => {
    const decision = decisionOf("pull_request", payload, context);
    expect(decision).toMatchObject({ kind: "plan-offline", why: expect.stringContaining(why) });
  });
});

describe("a stranger's files never meet a credential", () => {
  const foreign = { checkedOut: SHA.head };
  const events = [
    ["pull_request_target", pullRequest("opened", { headRepo: { id: 2 } })],
    ["workflow_run", workflowRun({ id: 2 })],
    ["workflow_run", workflowRun(null)],
    ["issue_comment", comment("/plumb plan")],
  ] as const;
  const commands: readonly Command[] = ["auto", "targets", "plan", "apply", "drift", "report"];

  test.each(events)("%s", (name, payload) => {
    for (const command of commands) {
      const decision = decisionOf(name, payload, { ...foreign, command });
      expect(line(decision)).toMatch(/^refused: event \w+: the workspace is not at the event's own commit/);
      expect(decision).toMatchObject({ problem: { remedy: expect.stringContaining("https://") } });
    }
  });

  test("a test merge is as foreign as the head", () => {
    expect(
      decisionOf("pull_request_target", pullRequest("opened", { headRepo: null }), { checkedOut: SHA.other }).kind,
    ).toBe("refused");
  });

  test("without files, or without a credential, there is nothing to refuse for that", () => {
    const { checkedOut: _, ...nothing } = foreign;
    const trigger = parseEvent("issue_comment", comment("/plumb plan"), ENV);
    expect(decide(trigger, { command: "auto", hasCredential: true, ...nothing }).kind).toBe("comment-command");
    expect(decide(trigger, { command: "auto", hasCredential: false, ...foreign }).kind).toBe("comment-command");
  });

  test.each(["pull_request_target", "workflow_run"])("%s never plans, applies or heals", (name) => {
    const payload = name === "workflow_run" ? workflowRun({ id: 1 }) : pullRequest("opened");
    for (const command of ["auto", "plan", "apply", "drift"] as const)
      expect(decisionOf(name, payload, { command }).kind).toBe("refused");
  });
});

describe("a named command wins over the event, as far as it fits", () => {
  test.each<[Command, string, unknown, string]>([
    ["plan", "pull_request", pullRequest("labeled"), "plan"],
    ["plan", "push", push("refs/heads/x"), "plan"],
    ["plan", "merge_group", mergeGroup("checks_requested"), "check-only"],
    ["plan", "issue_comment", comment("x"), "refused: command plan does not fit a comment"],
    ["apply", "schedule", {}, "apply"],
    ["apply", "pull_request", pullRequest("opened"), "refused: command apply does not fit a pull request"],
    ["apply", "merge_group", mergeGroup("checks_requested"), "refused: command apply does not fit a merge group"],
    [
      "apply",
      "push",
      push("refs/heads/x"),
      "refused: command apply does not fit a push to another branch than the default one",
    ],
    ["drift", "push", push("refs/heads/main"), "drift"],
    [
      "drift",
      "watch",
      {},
      "refused: command drift does not fit event watch: it is not an event that Plumbline follows",
    ],
    ["targets", "pull_request", pullRequest("opened"), "targets"],
    ["report", "pull_request", pullRequest("opened"), "report"],
    ["images", "schedule", {}, "refused: command images is not supported yet"],
  ])("%s on %s: %4$s", (command, name, payload, expected) => {
    expect(line(decisionOf(name, payload, { command }))).toBe(expected);
  });

  test("a report is a comment only where the token may write one", () => {
    const fork = pullRequest("opened", { headRepo: { id: 2 } });
    expect(decisionOf("pull_request", pullRequest("opened"), { command: "report" })).toHaveProperty("pull.number");
    expect(decisionOf("pull_request", fork, { command: "report" })).toEqual({ kind: "report" });
  });

  test("an apply started on another branch is refused", () => {
    const decision = decisionOf("workflow_dispatch", dispatch({}), { command: "apply", ref: "refs/heads/x" });
    expect(line(decision)).toBe("refused: command apply does not fit a run on another branch than the default one");
  });
});
