import fc from "fast-check";
import { expect, test } from "vitest";
import { createMasker } from "../../src/diff/masker.ts";

test("a value that was learned is gone from every text, in each of its spellings", () => {
  const masker = createMasker();
  const secret = "s3cret/Value+with=signs\nand a second line 42";
  masker.learn(secret);
  const bytes = Buffer.from(secret);
  const spellings = [
    secret,
    bytes.toString("base64"),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    Buffer.from(bytes.toString("base64")).toString("base64"),
    JSON.stringify(secret),
    encodeURIComponent(secret),
    "and a second line 42",
  ];
  for (const spelling of spellings)
    expect(masker.text(`before ${spelling} after`)).toMatch(/^before "?«masked»"? after$/);
});

test("words and short values are left alone: hiding them would hide the report", () => {
  const masker = createMasker();
  for (const value of ["true", "postgres", "1234567"]) masker.learn(value);
  expect(masker.text("postgres 1234567 true")).toBe("postgres 1234567 true");
});

test.each([
  ["a GitHub token", `ghp_${"a1".repeat(18)}`],
  ["a signed web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"],
  ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"],
  ["a key that was cut off", "-----BEGIN PRIVATE KEY-----\nMIIE"],
])("%s is masked wherever it stands, learned or not", (_, secret) => {
  expect(createMasker().text(`x ${secret}`)).toBe("x «masked»");
});

test("the password of a URL is masked, its user and host are not", () => {
  expect(createMasker().text("clone https://me:hunter22@example.com/a.git")).toBe(
    "clone https://me:«masked»@example.com/a.git",
  );
});

test("a long text of beginnings is read once, not once for each", () => {
  const masker = createMasker();
  const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl";
  // A second per text is far above what these take, and far below what they took.
  for (const beginning of ["a.", "a-", "eyJ-", "eyJaaaaaaaaa.", "a://b:", "-----BEGIN "])
    expect(masker.text(`${beginning.repeat(300_000 / beginning.length)} x-${jwt}`)).toMatch(/ x-«masked»$/);
}, 5_000);

test("no learned value survives, whatever surrounds it and whatever else was learned", () => {
  const value = fc.stringMatching(/^[a-z0-9]{7,20}[0-9]$/);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.string(), (secrets, noise) => {
      const masker = createMasker();
      secrets.forEach((secret) => masker.learn(secret));
      const text = masker.text(secrets.map((secret) => noise + secret + noise).join("|"));
      return secrets.every((secret) => !text.includes(secret));
    }),
  );
});
