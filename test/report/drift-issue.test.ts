import { expect, test } from "vitest";
import { parseDriftHistory } from "../../src/report/drift-history.ts";
import { closedDriftIssue, driftIssue } from "../../src/report/drift-issue.ts";
import type { RunReport } from "../../src/model/run.ts";
import { drift, guard, masked, run, target } from "./run-report.ts";
import { drifted, hostile } from "./stories.ts";

const WEB = { environment: "production", app: "web" };

function later(report: RunReport, time: string): RunReport {
  return { ...report, time };
}

test("an issue tells who changed what and when", async () => {
  const { title, body } = driftIssue(masked(drifted), WEB);
  expect(guard.plain(title)).toBe("Drift in production/web: 2 differences");
  await expect(guard.markdown(body)).toMatchFileSnapshot("golden/drift-issue.md");
  expect(body).toContain(
    "`apps/Deployment shop/web`: `kubectl-edit` set `spec.replicas` `3` → `5`, 38 minutes ago (2026-11-20 10:00 UTC)",
  );
});

test("first sight is remembered from run to run in the body itself", () => {
  const first = driftIssue(masked(drifted), WEB);
  const second = driftIssue(masked(later(drifted, "2026-11-21T10:38:00Z")), WEB, first.body);
  expect(second.body).toContain("| `ConfigMap shop/flags` | (whole object) | missing | 2026-11-20 10:38 UTC |");
  expect(second.body).toContain("last seen 2026-11-21 10:38 UTC · last checked 2026-11-21 10:38 UTC");
  expect(parseDriftHistory(second.body).events).toHaveLength(1);
});

test("the history has a row for each run that found something else", () => {
  const first = driftIssue(masked(drifted), WEB);
  const other = run(
    [target("production/web", { result: "drifted", drift: [drift("missing", "ConfigMap shop/flags")] })],
    {
      command: "drift",
      time: "2026-11-21T10:38:00Z",
    },
  );
  const second = driftIssue(masked(other), WEB, first.body);
  expect(second.body).toContain(
    "| 2026-11-21 10:38 UTC | 1 difference: 1 gone |\n| 2026-11-20 10:38 UTC | 2 differences: 2 new |",
  );
});

test("an issue that is settled says since when and keeps its history", async () => {
  const { body } = driftIssue(masked(drifted), WEB);
  const clean = run([target("production/web", { result: "in-sync" })], {
    command: "drift",
    time: "2026-11-20T12:00:00Z",
  });
  const closed = closedDriftIssue(masked(clean), WEB, body);
  expect(closed.title).toBe("Drift in production/web: settled");
  await expect(guard.markdown(closed.body)).toMatchFileSnapshot("golden/drift-closed.md");
});

test("an apply that reverted the drift is named as the reason", () => {
  const clean = run([target("production/web", { result: "applied" })], { command: "apply" });
  expect(closedDriftIssue(masked(clean), WEB).body).toContain("Reverted by the apply of `4be1d20`");
});

test("a history that somebody broke is begun anew", () => {
  const { body } = driftIssue(masked(drifted), WEB);
  for (const broken of [
    body.replace('"version":1', '"version":2'),
    body.replace(/"time":"[^"]*"/, '"time":"@acme/sre"'),
    `${body}\nmore`,
    "",
  ])
    expect(parseDriftHistory(broken)).toEqual({ firstSeen: {}, events: [] });
});

test("names in the cluster that try to be markup stay text", async () => {
  const text = guard.markdown(driftIssue(masked({ ...hostile, command: "drift" }), WEB).body);
  await expect(text).toMatchFileSnapshot("golden/drift-hostile.md");
});

test("thousands of differences fit into one issue", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => drift("missing", `ConfigMap shop/c-${index}`));
  const report = run([target("production/web", { result: "drifted", drift: many })], { command: "drift" });
  const { title, body } = driftIssue(masked(report), WEB);
  expect(title).toBe("Drift in production/web: 5000 differences");
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
  expect(Object.keys(parseDriftHistory(body).firstSeen)).toHaveLength(500);
});
