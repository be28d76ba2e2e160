import { expect, test } from "vitest";
import { systemClock } from "../../src/system/clock.ts";

test("a sleep that is aborted is the failure `interrupted`", async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(2 ** 40, controller.signal);
  controller.abort();
  await expect(sleeping).rejects.toMatchObject({ code: "interrupted" });
});

test("a sleep under an aborted signal never begins", async () => {
  await expect(systemClock.sleep(2 ** 40, AbortSignal.abort())).rejects.toMatchObject({ code: "interrupted" });
});

test("a sleep of nothing ends", async () => {
  await expect(systemClock.sleep(0, new AbortController().signal)).resolves.toBeUndefined();
});
