import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkName, checkText } from "../../src/report/check-text.ts";
import { formatMachineBlock, parseMachineBlock } from "../../src/report/machine-block.ts";
import { hostileText } from "./hostile-text.ts";
import { guard, masked } from "./run-report.ts";
import { applied, big, blocked, drifted } from "./stories.ts";

const PRODUCTION = { environment: "production", app: "web" };
const STAGING = { environment: "staging", app: "web" };

test("the check of a target tells of that target alone", () => {
  const check = checkText(masked(blocked), STAGING);
  expect(checkName(blocked, STAGING)).toBe("plumb plan staging/web");
  expect([check.conclusion, check.title]).toEqual(["success", "🟡 Plan: 2 to change"]);
  expect(check.text).not.toContain("production");
});

test("a blocked target fails its check", () => {
  const check = checkText(masked(blocked), PRODUCTION);
  expect([check.conclusion, check.title]).toEqual([
    "failure",
    "🔴 Plan: 1 blocker, 1 to create, 4 to change, 1 to delete, 1 kept",
  ]);
});

test("what later runs need is at the end of the text, after the guard too", () => {
  for (const report of [blocked, big, applied, drifted]) {
    const { text } = checkText(masked(report), PRODUCTION);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    expect(parseMachineBlock(guard.markdown(text))).toEqual({
      digest: `sha256:${"d".repeat(64)}`,
      rendered: `sha256:${"e".repeat(64)}`,
      intent: `sha256:${"f".repeat(64)}`,
      keyId: "0123456789ab",
    });
  }
});

test("a block is read back as it was written, whatever stands before it", () => {
  const block = fc.record({ keyId: hostileText, digest: hostileText }, { requiredKeys: ["keyId"] });
  fc.assert(
    fc.property(hostileText, block, (text, written) => {
      const line = formatMachineBlock(written);
      expect(parseMachineBlock(`${text}\n\n${line}`)).toEqual(written);
      expect(line.slice(4, -3)).not.toContain("--");
    }),
  );
});

test("keys of a newer version are ignored, another version is not read", () => {
  const line = formatMachineBlock({ keyId: "none" });
  expect(parseMachineBlock(line.replace('"keyId"', '"live":{},"keyId"'))).toEqual({ keyId: "none" });
  expect(parseMachineBlock(line.replace('"version":1', '"version":2'))).toBeUndefined();
});

test("other values may follow a block", () => {
  expect(
    parseMachineBlock(`text\n\n${formatMachineBlock({ keyId: "none" })}\n<!-- plumbline:sightings {} -->\n`),
  ).toEqual({
    keyId: "none",
  });
});

test("a block in the middle of a text is not ours", () => {
  expect(parseMachineBlock(`${formatMachineBlock({ keyId: "none" })}\nand more`)).toBeUndefined();
});
