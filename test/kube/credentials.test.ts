import { expect, test } from "vitest";
import type { Credential } from "../../src/kube/connection.ts";
import { shareCredentials } from "../../src/kube/credentials.ts";

function bearer(token: string): Credential {
  return { tls: {}, headers: { authorization: token } };
}

test("concurrent callers share one reading, and a reading is used for ten seconds", async () => {
  let [readings, time] = [0, 0];
  const read = async (): Promise<Credential> => bearer(`${(readings += 1)}`);
  const { credential } = shareCredentials({ read, readAnew: read, now: () => time });
  const first = await Promise.all([credential(), credential(), credential()]);
  time = 9_999;
  expect([...first, await credential()]).toEqual(Array.from({ length: 4 }, () => bearer("1")));
  time = 10_000;
  expect(await credential()).toEqual(bearer("2"));
});

test("many rejections of one credential make one new one", async () => {
  let renewals = 0;
  const { credential, renew } = shareCredentials({
    read: async () => bearer("old"),
    readAnew: async () => bearer(`new ${(renewals += 1)}`),
    now: () => 0,
  });
  const old = await credential();
  const early = await Promise.all([renew(old), renew(old)]);
  const late = await renew(old);
  expect([...early, late]).toEqual(Array.from({ length: 3 }, () => bearer("new 1")));
});

test("a reading that fails is tried again by the next caller", async () => {
  let readings = 0;
  const { credential } = shareCredentials({
    async read() {
      readings += 1;
      if (readings === 1) throw new Error("not yet");
      return bearer("now");
    },
    readAnew: async () => bearer("never"),
    now: () => 0,
  });
  await expect(credential()).rejects.toThrow("not yet");
  expect(await credential()).toEqual(bearer("now"));
});
