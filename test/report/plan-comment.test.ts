import * as fc from "fast-check";
import { expect, test } from "vitest";
import { byteLength } from "../../src/report/fit.ts";
import { planComment } from "../../src/report/plan-comment.ts";
import { closedPlanComment } from "../../src/report/plan-title.ts";
import type { RunReport } from "../../src/model/run.ts";
import { hostileText } from "./hostile-text.ts";
import { kindsOf, nodesOf } from "./reading.ts";
import { change, drift, field, guard, masked, problem, run, target } from "./run-report.ts";
import { big, blocked, broken, hostile, unchanged } from "./stories.ts";

function comment(report: RunReport, limit?: number): string {
  const room = limit === undefined ? undefined : { limit, elsewhere: "in the job summary" };
  return guard.markdown(planComment(masked(report), room));
}

test("a change in two targets with a blocker and earlier drift", async () => {
  await expect(comment(blocked)).toMatchFileSnapshot("golden/plan-blocked.md");
});

test("a run that changes nothing is one line", () => {
  expect(comment(unchanged)).toBe("## ⚪ Plan: no changes in `production/web` and `staging/web` — `4be1d20`");
});

test("a run that failed never says that nothing changes", async () => {
  await expect(comment(broken)).toMatchFileSnapshot("golden/plan-broken.md");
  expect(comment(broken)).not.toMatch(/no changes/);
});

test("a comment that is too long keeps its table and says what is missing", async () => {
  await expect(comment(big, 9_000)).toMatchFileSnapshot("golden/plan-big.md");
});

test("text that tries to be markup stays text", async () => {
  const text = comment(hostile);
  await expect(text).toMatchFileSnapshot("golden/plan-hostile.md");
  expect(kindsOf(text).filter((kind) => ["link", "image", "emph"].includes(kind))).toEqual([]);
  const html = nodesOf(text).filter(({ type }) => type.startsWith("html"));
  const tags = html.flatMap(({ literal }) => (literal ?? "").match(/<[a-z][^>]*>/g) ?? []);
  expect([...new Set(tags)].toSorted()).toEqual(["<b>", "<code>", "<details>", "<sub>", "<summary>"]);
  const prose = nodesOf(text).filter(({ type }) => type === "text" || type === "html_block");
  expect(prose.filter(({ literal }) => /@acme/.test(literal ?? ""))).toEqual([]);
});

test("whatever others write, the comment holds only our own markup, and no mention of theirs", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (text, other) => {
      const object = change("update", "ConfigMap shop/web", {
        ref: { group: "", kind: text, namespace: other, name: text },
        because: text,
        movedFrom: other,
        fields: [
          field(text, { before: text, after: other }),
          field(other, { before: { [text]: [other] }, after: { [other]: text } }, "drift"),
        ],
        warnings: [text],
        at: { file: other, line: 1, column: 1 },
      });
      const entry = drift("changed", "ConfigMap shop/web", { path: text, git: text, live: other });
      const problems = [problem("blocker", text, { remedy: other }), problem("caution", other, { remedy: text })];
      const rest = { result: "blocked", reason: text, renderer: other, drift: [entry], problems } as const;
      const markdown = comment(
        run([target("production/web", { ...rest, changes: [object] })], { notes: [text, other] }),
      );
      const nodes = nodesOf(markdown);
      expect(nodes.filter(({ type }) => ["link", "image", "emph"].includes(type))).toEqual([]);
      expect(nodes.filter(({ type }) => type === "heading")).toHaveLength(2);
      expect(nodes.filter(({ type }) => type === "code_block")).toHaveLength(1);
      expect(markdown.match(/^<\/details>$/gm)).toHaveLength(2);
      const texts = nodes
        .filter(({ type }) => type === "text" || type === "html_block")
        .map(({ literal }) => literal ?? "");
      const read = texts.join(" ").replace(/&#(\d+);/g, (_, number) => String.fromCharCode(Number(number)));
      expect(read).not.toMatch(/(?:^|[^\w])@\w|#\d/);
    }),
  );
});

test("long values are cut so that their difference is seen", () => {
  const image = `registry.example.com/team/${"x".repeat(1_200)}`;
  const text = comment(
    run([
      target("production/web", {
        changes: [
          change("update", "ConfigMap shop/web", {
            fields: [field("data.image", { before: `${image}:v1`, after: `${image}:v2` })],
          }),
        ],
        drift: [
          drift("changed", "ConfigMap shop/web", { path: "data.image", git: `${image}:v1`, live: `${image}:v2` }),
        ],
      }),
    ]),
  );
  expect(text).toContain("xxx:v1\n+ data.image: …xxx");
  expect(text).toMatch(/`…x+:v1` \| `…x+:v2` \|/);
});

test("a comment is never longer than its limit and closes what it opens, at every limit", () => {
  const whole = byteLength(comment(big, 10_000_000));
  for (const limit of [2_000, 3_000, 5_000, 9_000, 20_000, 60_000, whole - 1, whole, whole + 1]) {
    const text = comment(big, limit);
    expect(byteLength(text)).toBeLessThanOrEqual(limit);
    expect(text.match(/<details/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
    expect(nodesOf(text).filter(({ type }) => type === "code_block").length).toBe(
      (text.match(/^```+$/gm) ?? []).length,
    );
    expect(text).toContain("| `production/web` | 🟡 changes | 0 | 40 | 1 | 0 | server |");
  }
});

test("many problems, targets and notes still fit into the limit", () => {
  const many = <Item>(item: (index: number) => Item): readonly Item[] =>
    Array.from({ length: 2_000 }, (_, index) => item(index));
  const report = run(
    many((index) =>
      target(`env-${index}/web`, {
        result: "blocked",
        problems: [problem("blocker", `object ${index} is refused`), problem("caution", `object ${index} is odd`)],
        drift: [drift("missing", "ConfigMap shop/web")],
        changes: [change("create", `ConfigMap shop/c-${index}`, { fields: [field("data", { after: { a: "b" } })] })],
      }),
    ),
    { notes: many((index) => `note ${index}`) },
  );
  const text = comment(report);
  expect(byteLength(text)).toBeLessThanOrEqual(60_000);
  expect(text).toContain("2000 blockers");
});

test("identical runs give identical comments, apart from the last line", () => {
  const later = {
    ...blocked,
    time: "2026-11-21T00:00:00Z",
    milliseconds: 3_000,
    requests: 1,
    link: "https://github.com/acme/shop/actions/runs/78",
  };
  const withoutFooter = (text: string): string => text.trimEnd().split("\n").slice(0, -1).join("\n");
  expect(withoutFooter(comment(later))).toBe(withoutFooter(comment(blocked)));
  expect(comment(later)).not.toBe(comment(blocked));
});

test("what is hidden is counted even where nothing changes", () => {
  const report = run([target("production/web", { hidden: { ignored: 3, masked: 0, cut: 0, unread: 0 } })]);
  expect(comment(report)).toBe(
    "## ⚪ Plan: no changes in `production/web` — `4be1d20` · not shown: 3 fields by ignore rules",
  );
});

test("a target that could not be read is not reported as unchanged", () => {
  const report = run([target("production/web", { result: "incomplete", reason: "forbidden: list Secrets" })]);
  expect(comment(report)).toContain("## 🟠 Plan incomplete — `4be1d20`");
  expect(comment(report)).toContain(
    "| `production/web` | 🟠 incomplete: forbidden: list Secrets | ? | ? | ? | ? | — |",
  );
});

test("a replaced secret value shows that it changed and nothing of it", () => {
  const text = comment(blocked);
  expect(text).toContain("- data.DB_PASSWORD: «masked» before\n+ data.DB_PASSWORD: «masked» after");
});

test("the title of a pull request that was closed unmerged says that nothing was applied", () => {
  const closed = closedPlanComment(`<!-- plumbline:v1 {"kind":"plan"} -->\n${comment(blocked)}`, blocked.head);
  expect(closed.split("\n")[0]).toBe("## ⚫ Closed without merging, nothing was applied — `4be1d20`");
  expect(closed).not.toContain("**Next**");
  expect(closed).toContain("| `production/web` | 🔴 blocked |");
  expect(closedPlanComment(closed, blocked.head)).toBe(closed);
});
