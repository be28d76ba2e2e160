import * as fc from "fast-check";
import { expect, test } from "vitest";
import { byteLength } from "../../src/report/fit.ts";
import { planComment } from "../../src/report/plan-comment.ts";
import { closedPlanComment } from "../../src/report/plan-title.ts";
import type { RunReport } from "../../src/model/run.ts";
import { hostileText } from "./hostile-text.ts";
import { kindsOf, nodesOf } from "./reading.ts";
import { change, drift, field, guard, masked, problem, run, target } from "./run-report.ts";
import { aided, big, blocked, broken, hostile, unchanged } from "./stories.ts";

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

test("what fields alone do not tell, the gravest first", async () => {
  await expect(comment(aided)).toMatchFileSnapshot("golden/plan-aids.md");
});

test("a warning that the server gave for 300 objects is told once", () => {
  const changes = Array.from({ length: 300 }, (_, index) =>
    change("update", `policy/PodDisruptionBudget shop/b-${index}`, {
      warnings: ["policy/v1beta1 is deprecated"],
      at: { file: "apps/web.yaml", line: index + 1, column: 1 },
    }),
  );
  const text = comment(run([target("production/web", { changes })]));
  expect(text.match(/is deprecated/g)).toHaveLength(1);
  expect(text).toContain(
    "- policy/v1beta1 is deprecated — `policy/PodDisruptionBudget shop/b-0` (`apps/web.yaml:1`) and 299 more objects",
  );
});

test("a rename is one line for two changes, and a name that stays is no rename", () => {
  const renamed = change("create", "ConfigMap shop/new", { movedFrom: "ConfigMap shop/old" });
  const both = comment(run([target("production/web", { changes: [renamed, change("delete", "ConfigMap shop/old")] })]));
  expect(both).toContain("- ± `ConfigMap shop/new` — renamed from ConfigMap shop/old, made anew\n");
  expect(both).not.toContain("deleted");
  const kept = change("keep", "ConfigMap shop/old", { because: "prune is off" });
  expect(comment(run([target("production/web", { changes: [renamed, kept] })]))).toContain(
    "`ConfigMap shop/old` — kept",
  );
});

test("images of all kinds of containers are in the table, wherever their pods are described", () => {
  const image = (path: string): ReturnType<typeof field> =>
    field(path, { before: "acme/a:1", after: `acme/a:${path.length}` });
  const fields = [
    image("spec.template.spec.initContainers[name=a].image"),
    image("spec.jobTemplate.spec.template.spec.containers[name=a].image"),
    image("spec.ephemeralContainers[name=a].image"),
    image("spec.pools[0].pod.containers[name=a].image"),
    image("spec.template.spec.volumes[name=model].image.reference"),
    field("spec.template.spec.containers[name=new]", { after: { name: "new", image: "acme/new@sha256:00" } }),
    image("spec.image"),
  ];
  const text = comment(
    run([target("production/web", { changes: [change("update", "acme.io/Pool shop/web", { fields })] })]),
  );
  expect(text.match(/^\| `acme\/a` .*/gm)).toHaveLength(5);
  expect(text).toContain("| `acme/new` | `—` | `sha256:00` |");
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
        notes: [text, other],
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
