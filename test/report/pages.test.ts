import { expect, test } from "vitest";
import { consoleText } from "../../src/report/console.ts";
import { htmlPage } from "../../src/report/html.ts";
import { planComment } from "../../src/report/plan-comment.ts";
import { summary } from "../../src/report/summary.ts";
import { guard, masked } from "./run-report.ts";
import { aided, applied, big, blocked, drifted, hostile } from "./stories.ts";

const ESCAPE = String.fromCharCode(27);

test("a plan on a terminal, without colour", async () => {
  const text = guard.terminal(consoleText(masked(blocked), { colour: false }));
  await expect(text).toMatchFileSnapshot("golden/console-plan.txt");
  expect(text).not.toContain(ESCAPE);
});

test("what fields alone do not tell, on a terminal and as a page", async () => {
  const text = guard.terminal(consoleText(masked(aided), { colour: false }));
  await expect(text).toMatchFileSnapshot("golden/console-aids.txt");
  await expect(guard.html(htmlPage(masked(aided)))).toMatchFileSnapshot("golden/aids.html");
});

test("colour changes nothing but the colour", () => {
  const coloured = guard.terminal(consoleText(masked(blocked), { colour: true }));
  expect(coloured).toContain(`${ESCAPE}[32m+ metadata:${ESCAPE}[0m`);
  expect(coloured.replaceAll(new RegExp(`${ESCAPE}\\[[0-9]+m`, "g"), "")).toBe(
    consoleText(masked(blocked), { colour: false }),
  );
});

test("a terminal gets no control character of others", () => {
  const report = { ...hostile, notes: [`${ESCAPE}[2J\u0007`] };
  const text = consoleText(masked(report), { colour: false });
  expect(text).toContain("\\u001B[2J\\u0007");
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}](?<!\n)/u);
});

test("the page of a run needs nothing else and runs nothing", async () => {
  const page = guard.html(htmlPage(masked(blocked)));
  await expect(page).toMatchFileSnapshot("golden/plan.html");
  expect(page).not.toMatch(/<script|src=|href=|url\(/i);
});

test("a page holds no tag of others", () => {
  const tags = new Set(htmlPage(masked(hostile)).match(/<[a-z][^\s>]*/g));
  expect([...tags].filter((tag) => ["<img", "<script", "<a", "<iframe"].includes(tag))).toEqual([]);
});

test("the job summary has everything that the comment leaves out", () => {
  const text = summary(masked(big));
  expect(text).toContain("config-39");
  expect(text).not.toContain("Too long");
  expect(planComment(masked(big))).toContain("the rest is in the job summary");
});

test("a summary that is too long itself points to the file", () => {
  expect(summary(masked(big), { limit: 5_000, elsewhere: "in the JSON file of this run" })).toContain(
    "the rest is in the JSON file of this run",
  );
});

test("an apply and a drift run have summaries of their own", async () => {
  expect(summary(masked(applied))).toContain("🔴 Apply failed: 1 created");
  await expect(guard.markdown(summary(masked(drifted)))).toMatchFileSnapshot("golden/drift-summary.md");
});
