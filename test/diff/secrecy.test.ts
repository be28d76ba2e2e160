import { expect, test } from "vitest";
import { createMasker } from "../../src/diff/masker.ts";
import { secretTexts } from "../../src/diff/secrecy.ts";

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

test("a value that was encoded once more than it had to be is known in each form", () => {
  const masker = createMasker();
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "token" },
    data: { token: encoded(encoded("canary-Data-42")) },
    stringData: { other: encoded("canary-Text-42") },
  };
  for (const text of secretTexts(secret)) masker.learn(text);
  for (const text of ["canary-Data-42", encoded("canary-Data-42"), "canary-Text-42"])
    expect(masker.text(`is ${text}`)).toBe("is «masked»");
});
