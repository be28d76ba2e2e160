import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Masker } from "../../src/model/masker.ts";
import { createMasker } from "../../src/diff/masker.ts";
import { checkText } from "../../src/report/check-text.ts";
import { consoleText } from "../../src/report/console.ts";
import { driftIssue } from "../../src/report/drift-issue.ts";
import { createGuard } from "../../src/report/guard.ts";
import { htmlPage } from "../../src/report/html.ts";
import { planComment } from "../../src/report/plan-comment.ts";
import { formatPlanJson } from "../../src/report/plan-json.ts";
import { summary } from "../../src/report/summary.ts";
import { hostileText } from "./hostile-text.ts";
import { nodesOf } from "./reading.ts";
import { change, drift, field, guard, problem, run, target } from "./run-report.ts";

/** Hides these texts wherever they stand. */
function maskerOf(...secrets: readonly string[]): Masker {
  return {
    learn: () => {},
    text: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "«masked»"), text),
  };
}

// The two grammars of the runner: `::command::` at the start of a line, `##[command]` anywhere.
function commandsIn(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trimStart().startsWith("::") || line.includes("##["));
}

test("a line for the log gives no command to the runner", () => {
  expect(guard.log("::add-mask::x")).toBe(":\u2060:add-mask::x");
  expect(guard.log("text ##[error]x")).toBe("text ##\u2060[error]x");
  fc.assert(
    fc.property(fc.array(hostileText), (lines) => {
      expect(commandsIn(guard.log(lines.join("\n")))).toEqual([]);
    }),
  );
});

test("a line for the log has no colour and no control character", () => {
  expect(guard.log("\u001b[31mred\u001b[0m\u0007 a\u202eb\rc\nd")).toBe("red\\u0007 a\\u202Eb\\rc\nd");
});

test("a text of nothing but line ends is read once, not once for each", () => {
  expect(guard.log(`${"\n".repeat(300_000)} ::error::x`)).toMatch(/\n :\u2060:error::x$/);
}, 5_000);

test("a title is one line", () => {
  expect(guard.plain(" Drift in\n a\u0000 ")).toBe("Drift in a\\u0000");
});

test("a terminal gets colours and no other control sequence", () => {
  expect(guard.terminal("\u001b[31mred\u001b[0m\u001b[2Jx\u001b]0;title\u0007y")).toBe("\u001b[31mred\u001b[0mxy");
});

test("JSON stays JSON whatever is masked in it", () => {
  const masking = createGuard(maskerOf('","a":"', "hunter2hunter2", "12345678"));
  const text = masking.json(JSON.stringify({ key: ['x","a":"y', { hunter2hunter2: 12345678 }] }));
  expect(JSON.parse(text)).toEqual({ key: ["x«masked»y", { "«masked»": "«masked»" }] });
});

test("a secret is hidden before it is escaped, cut or drawn", () => {
  const secret = "p<a>s*s_w`o|rd&1";
  const masking = createGuard(maskerOf(secret));
  const report = run([
    target("production/web", {
      result: "blocked",
      changes: [
        change("update", "ConfigMap shop/web", {
          because: secret,
          fields: [field(`data["${secret}"]`, { before: "x".repeat(995) + secret, after: { nested: [secret] } })],
          warnings: [secret],
        }),
      ],
      problems: [problem("blocker", secret, { remedy: secret })],
    }),
  ]);
  const text = masking.markdown(planComment(masking.report(report)));
  expect(text).toContain("«masked»");
  expect(text.replaceAll("\\", "")).not.toContain("p<a>");
  expect(text).not.toContain("p&#60;a");
});

test("no form of a secret value leaves through any of the ways out", () => {
  const secret = 'canary-7Q"<4&x|2`z';
  const forms = [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)];
  const masker = createMasker();
  masker.learn(secret);
  const masking = createGuard(masker);
  const text = forms.join(" then ");
  const object = change("update", "ConfigMap shop/web", {
    because: text,
    fields: [field(`data["${secret}"]`, { before: text, after: { [secret]: [`a\n${text}\nb`] } })],
    warnings: [text],
  });
  const entry = drift("changed", "ConfigMap shop/web", { path: text, git: text, live: [text] });
  const rest = {
    result: "blocked",
    reason: text,
    drift: [entry],
    problems: [problem("blocker", text, { remedy: text })],
  } as const;
  const report = masking.report(run([target("production/web", { ...rest, changes: [object] })], { notes: [text] }));
  const issue = driftIssue(report, { environment: "production", app: "web" });
  const check = checkText(report, { environment: "production", app: "web" });
  const sinks = [
    masking.markdown(planComment(report)),
    masking.markdown(summary(report)),
    masking.markdown(summary({ ...report, command: "apply" })),
    masking.markdown(summary({ ...report, command: "drift" })),
    masking.markdown(issue.body),
    masking.markdown(check.text),
    masking.html(htmlPage(report)),
    masking.terminal(consoleText(report, { colour: true })),
    masking.json(formatPlanJson(report)),
    masking.log(text),
    masking.plain(text),
  ];
  // The value without its special characters too: escaping must not have hidden it from the masker.
  const leaks = [...forms, "canary-7Q"];
  for (const sink of sinks) expect(leaks.filter((leak) => sink.includes(leak))).toEqual([]);
});

test("a secret that looks like our markup cannot open a way for the text of others", () => {
  const comment = "<details><summary>x</summary>\n\n```diff\n+ @acme/sre <b>\n```\n\n</details>\n";
  for (const secret of ["\n```diff\n", "</summary>", "</details>"]) {
    const text = createGuard(maskerOf(secret)).markdown(comment);
    expect(text).not.toContain(secret);
    expect(nodesOf(text).map(({ type }) => type)).toEqual(["document", "paragraph", "text", "code_block"]);
  }
});

test("a page whose markup was masked is shown as plain text", () => {
  expect(createGuard(maskerOf("</style>")).html("<style></style><b>&</b>")).toBe(
    '<!doctype html><meta charset="utf-8"><pre>&lt;style&gt;«masked»&lt;b&gt;&amp;&lt;/b&gt;</pre>',
  );
});

test("a sentence is masked before it is cut, wherever the cut falls", () => {
  const secret = "hunter2-and-more-of-it";
  const masker = createMasker();
  masker.learn(secret);
  fc.assert(
    fc.property(fc.integer({ min: 900, max: 1100 }), (before) => {
      const message = `${"a ".repeat(before / 2)}${secret}`;
      const report = run([target("a/b", { problems: [problem("blocker", message, { remedy: message })] })]);
      const told = JSON.stringify(createGuard(masker).report(report).targets[0]?.problems);
      expect(told).not.toContain("hunter2");
      expect(told.length).toBeLessThan(2300);
    }),
  );
});
