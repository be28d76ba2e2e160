import { expect, test } from "vitest";
import { applyComment } from "../../src/report/apply-comment.ts";
import { guard, masked } from "./run-report.ts";
import { applied } from "./stories.ts";

test("an apply of which one target failed", async () => {
  await expect(guard.markdown(applyComment(masked(applied)))).toMatchFileSnapshot("golden/apply-failed.md");
});

test("what failed stays when there is no room for what went well", () => {
  const text = applyComment(masked(applied), { limit: 1_400, elsewhere: "in the job summary" });
  expect(text).toContain("❌ `apps/Deployment shop/web` failed (to change)");
  expect(text).not.toContain("✅");
});

test("an apply that went well says that nothing is left to do", () => {
  const { targets } = applied;
  const text = applyComment(masked({ ...applied, result: "applied", notes: [], targets: targets.slice(1) }));
  expect(text.split("\n")[0]).toBe("## 🟢 Applied: 1 changed, 1 deleted — `4be1d20`");
  expect(text).toContain("**Next**: nothing, the cluster is what Git says");
});
