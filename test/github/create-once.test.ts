import { expect, test } from "vitest";
import { createOnce } from "../../src/github/create-once.ts";
import { failureOf } from "../../src/github/github-failure.ts";

const operation = { name: "issue: open", needs: "issues: write" };
const unreachable = failureOf(operation, { operation: operation.name, reason: "unreachable" });
const badGateway = failureOf(operation, { operation: operation.name, status: 502, reason: "status" });
const forbidden = failureOf(operation, { operation: operation.name, status: 403, reason: "status" });

type Step = string | undefined | Error;

/** Plays the answers of `create` and `find` in turn and tells what was called. */
async function play(creates: readonly Step[], finds: readonly Step[]) {
  const calls: string[] = [];
  const step = (name: string, steps: readonly Step[]) => async (): Promise<string | undefined> => {
    const next = steps[calls.filter((call) => call === name).length];
    calls.push(name);
    if (next instanceof Error) throw next;
    return next;
  };
  const creation = { create: step("create", creates), find: step("find", finds) };
  const result = await createOnce(creation).catch((error: unknown) => error);
  return { result, calls };
}

test("what was made at once is not looked for", async () => {
  expect(await play(["made"], [])).toEqual({ result: "made", calls: ["create"] });
});

test.each([unreachable, badGateway])("after %s a thing that was made all the same is found", async (lost) => {
  expect(await play([lost], ["found"])).toEqual({ result: "found", calls: ["create", "find"] });
});

test("a thing that was not made is made by the next attempt", async () => {
  expect(await play([unreachable, "made"], [undefined])).toEqual({
    result: "made",
    calls: ["create", "find", "create"],
  });
});

test("a refusal is final", async () => {
  expect(await play([forbidden], [])).toEqual({ result: forbidden, calls: ["create"] });
});

test("three attempts are enough, and the last is looked for too", async () => {
  const attempts = await play([badGateway, badGateway, unreachable], [undefined, undefined, undefined]);
  expect(attempts).toEqual({
    result: unreachable,
    calls: ["create", "find", "create", "find", "create", "find"],
  });
});
