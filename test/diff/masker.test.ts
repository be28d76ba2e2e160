import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMasker } from "../../src/diff/masker.ts";

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

describe("a value that was learned is gone from every text", () => {
  const secret = "s3cret/Value+with=signs & 'quotes'\nand a second line 42";
  const bytes = Buffer.from(secret);
  test.each([
    ["as it is", secret],
    ["in base64", base64(secret)],
    ["in base64 without padding", base64(secret).replace(/=+$/, "")],
    ["in base64 for URLs", bytes.toString("base64url")],
    ["in base64 that is wrapped", base64(secret.repeat(3)).replaceAll(/.{76}/g, "$&\n")],
    ["in base64 of base64", base64(base64(secret))],
    ["in hex", bytes.toString("hex")],
    ["in hex with capitals", bytes.toString("hex").toUpperCase()],
    ["in JSON", JSON.stringify(secret)],
    ["in JSON as Go writes it", JSON.stringify(secret).replaceAll("&", String.raw`\u0026`)],
    ["in YAML with single quotes", secret.replaceAll("'", "''")],
    ["in a URL", encodeURIComponent(secret)],
    ["one line of it", "and a second line 42"],
  ])("%s", (_, spelling) => {
    const masker = createMasker();
    masker.learn(secret);
    masker.learn(secret.repeat(3));
    expect(masker.text(`before ${spelling} after`)).toMatch(/^before "?«masked»(?:\n«masked»)*"? after$/);
  });

  test("inside of what was encoded together with something else, wherever it begins there", () => {
    const masker = createMasker();
    masker.learn("hunter-2-hunter");
    for (const user of ["me", "you", "them", "nobody"]) {
      const told = masker.text(`auth: ${base64(`${user}:hunter-2-hunter@host`)}`);
      const shown = told.replace("auth: ", "").split("«masked»");
      expect(shown).toHaveLength(2);
      for (const piece of shown) expect(Buffer.from(piece, "base64").toString()).not.toContain("hunter");
    }
  });

  test("in a part of it that was cut out, when it is long", () => {
    const masker = createMasker();
    const long = Array.from({ length: 400 }, (_, index) => base64(`number ${index * 7919}`)).join("");
    masker.learn(long);
    expect(masker.text(`is ${long.slice(64, 640)}!`)).toBe("is «masked»!");
    expect(masker.text(`is ${long}!`)).toBe("is «masked»!");
  });
});

test("secrets that overlap leave nothing between them, and how many lie together is not told", () => {
  const masker = createMasker();
  for (const secret of ["abcdefgh1", "gh1ijklmn", "12345678"]) masker.learn(secret);
  expect(masker.text("x abcdefgh1ijklmn y 123456781234567812345678 z")).toBe("x «masked» y «masked» z");
});

test("words and short values are left alone: hiding them would hide the report", () => {
  const masker = createMasker();
  for (const value of ["true", "postgres", "1234567"]) masker.learn(value);
  expect(masker.text("postgres 1234567 true")).toBe("postgres 1234567 true");
});

describe("of a value that holds others", () => {
  test.each([
    [
      "the parts of a registry's credentials",
      JSON.stringify({
        auths: { "ghcr.io": { username: "bot", password: "pw-4711-x", auth: base64("bot:pw-0815-y") } },
      }),
      ["pw-4711-x", "pw-0815-y", base64("bot:pw-0815-y")],
    ],
    ["the values of an environment file", "# c\nexport A_KEY='va1ue one'\nB=va1ue-two\n", ["va1ue one", "va1ue-two"]],
    ["the leaves of YAML", "users:\n- name: me\n  user:\n    token: t0ken-of-me\n", ["t0ken-of-me"]],
    ["the leaves of JSON", '{"a": [{"b": "leaf-numb3r-1"}], "pin": 4711081547}', ["leaf-numb3r-1", "4711081547"]],
    ["the password of a URL, encoded and plain", "amqp://me:p%40ss-w0rd@mq:5672/x", ["p%40ss-w0rd", "p@ss-w0rd"]],
    ["the password of a connection", "Server=tcp:db;User Id=me;Password=c0nn-secret;", ["c0nn-secret"]],
    ["a password in base64", base64("pw-in-base-64"), ["pw-in-base-64"]],
  ])("%s are known as well", (_, whole, parts) => {
    const masker = createMasker();
    masker.learn(whole);
    for (const part of parts) expect(masker.text(`is ${part}!`)).toBe("is «masked»!");
  });

  test("what is in every other text stays readable", () => {
    const masker = createMasker();
    masker.learn(
      "apiVersion: v1\nkind: Config\nserver: https://10.0.0.1:6443\nhost: db.example.com:5432\n--------------\n",
    );
    masker.learn("-----BEGIN CERTIFICATE-----\nMIIB0123456789abcdef\n-----END CERTIFICATE-----\n");
    const text =
      "apiVersion: v1, kind: Config at https://10.0.0.1:6443, db.example.com:5432 -------------- -----BEGIN CERTIFICATE-----";
    expect(masker.text(text)).toBe(text);
  });
});

describe("what has the shape of a secret is masked wherever it stands, learned or not", () => {
  test.each([
    ["a GitHub token", `ghp_${"a1".repeat(18)}`],
    ["a GitLab token", "glpat-AbCd1234efgh5678ijkl"],
    ["a Slack token", "xoxb-123456789012-abcdefGHIJ"],
    ["an npm token", `npm_${"a1B2c3".repeat(6)}`],
    ["an AWS key", "AKIAIOSFODNN7EXAMPLE"],
    ["a Stripe key", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"],
    ["a Vault token", "hvs.CAESIJabcdefgh1234567890"],
    ["an age key", "AGE-SECRET-KEY-1QQPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGP"],
    ["a signed web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"],
    ["a private key of OpenPGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQ\n-----END PGP PRIVATE KEY BLOCK-----"],
    ["a key that was cut off", "-----BEGIN PRIVATE KEY-----\nMIIE"],
    ["a private key in base64", base64("-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\n-----END EC PRIVATE KEY-----\n")],
  ])("%s", (_, secret) => {
    expect(createMasker().text(`x ${secret}`)).toBe("x «masked»");
  });

  test.each([
    ["clone https://me:hunter22@example.com/a.git", "clone https://me:«masked»@example.com/a.git"],
    ["Authorization: Bearer abcdef0123456789XYZ", "Authorization: Bearer «masked»"],
    ["run --password=hunter22 --user=me", "run --password=«masked» --user=me"],
    ["DB_PASSWORD=hunter22 DB_USER=me", "DB_PASSWORD=«masked» DB_USER=me"],
    ["spring.datasource.password: hunter22\nspring: x", "spring.datasource.password: «masked»\nspring: x"],
    ['{"client_secret": "abc12345", "a": 1}', '{"client_secret": "«masked»", "a": 1}'],
  ])("with what it stands in: %s", (text, told) => {
    expect(createMasker().text(text)).toBe(told);
  });

  test.each([
    ["spec.password: Required value: must be set"],
    ["DB_PASSWORD=$(FROM_SECRET) --password=/run/secrets/db password: {secretName: x}"],
    ["secretName: web, tokenFile: x, passwordKey: y, apiKeyRef: z"],
    ["basic authentication-is-not-enabled, sk-short, npm_config_registry_of_the_company"],
    [`caBundle: ${base64("-----BEGIN CERTIFICATE-----\nMIIBdzCCAR2gAwIBAgIBADAK\n-----END CERTIFICATE-----\n")}`],
  ])("but nothing that only speaks of one: %s", (text) => {
    expect(createMasker().text(text)).toBe(text);
  });
});

test("a long text of beginnings is read once, not once for each", () => {
  const masker = createMasker();
  for (const length of [9, 60, 64, 100, 5_000]) masker.learn(`${"a".repeat(length)}${length}`);
  const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl";
  // A second per text is far above what these take, and far below what they took.
  const beginnings = [
    "a",
    "a.",
    "a-",
    "eyJ-",
    "eyJaaaaaaaaa.",
    "a://b:",
    "-----BEGIN ",
    "password",
    "password= ",
    "Bearer ",
    "LS0tLS1CRUdJTi",
    "sk-",
    "SG.",
  ];
  for (const beginning of beginnings)
    expect(masker.text(`${beginning.repeat(300_000 / beginning.length)} x- ${jwt}`)).toMatch(/ x- «masked»$/);
}, 13_000);

test("a thousand secrets cost a text no more than one", () => {
  const masker = createMasker();
  const secrets = Array.from({ length: 10_000 }, (_, index) => `s3cret-number-${index}-of-many`);
  for (const secret of secrets) masker.learn(secret);
  const text = `${"spec.template.spec.containers ".repeat(30_000)}${secrets[77]}`;
  // Once for each secret, this would be read for a minute.
  for (let times = 0; times < 5; times += 1) expect(masker.text(text)).toMatch(/ «masked»$/);
}, 10_000);

test("no learned value survives, whatever surrounds it and whatever else was learned", () => {
  const value = fc.stringMatching(/^[a-z0-9]{7,200}[0-9]$/);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.string(), (secrets, noise) => {
      const masker = createMasker();
      secrets.forEach((secret) => masker.learn(secret));
      const text = masker.text(secrets.map((secret) => noise + secret + noise).join("|"));
      return secrets.every((secret) => !text.includes(secret));
    }),
  );
});
