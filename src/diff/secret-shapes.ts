import type { Span } from "./known-texts.ts";

// Names whose values are secret, as they end a key, a variable or a flag.
const SECRET_NAME =
  "(?:password|passwd|passphrase|secret[_-]?access[_-]?key|client[_-]?secret|api[_-]?key|(?:access|auth|bearer|refresh)[_-]?token|account[_-]?key)";
const ENDS = "\\s\"'`,;&<>{}()[\\]\\\\«»";
// A variable, a path, a template or a word that says that there is none.
const NO_REFERENCE = "(?![$<{[*/«]|(?:true|false|null|nil|none)\\b)";

// What has one of these shapes is secret wherever it stands, even when nobody taught us the value. Where a shape has a
// first group, that stays readable. No shape may cost more than one pass over a long text of its beginnings.
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  // The first part ends before the next possible start: a text of nothing but starts is read once, not once for each. It has
  // a limit because each character of it costs the engine's stack.
  /\beyJ(?:[A-Za-z0-9_]|-(?!eyJ)){8,8192}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  // GitHub, GitLab, Slack, npm, PyPI, Hugging Face, DigitalOcean, Docker, Grafana, Vault, Terraform Cloud, Databricks, Linear.
  /\b(?:gh[pousr]_[A-Za-z0-9_]{20,}|github_pat_[A-Za-z0-9_]{20,})/g,
  /\b(?:gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{16,255}|xox[abeoprs]-[A-Za-z0-9-]{10,255}|xapp-\d-[A-Za-z0-9-]{10,255}|npm_[A-Za-z0-9]{36}|pypi-AgEI[A-Za-z0-9_-]{16,1024}|hf_[A-Za-z0-9]{30,64}|do[opr]_v1_[0-9a-f]{64}|dckr_(?:pat|oat)_[A-Za-z0-9_-]{16,64}|gl(?:c|sa)_[A-Za-z0-9_]{16,255}|hv[sbr]\.[A-Za-z0-9_-]{20,1024}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80}|dapi[0-9a-f]{32}|lin_api_[A-Za-z0-9]{32,64})/g,
  // AWS, Google, Stripe, SendGrid, OpenAI and Anthropic, Twilio, age, Telegram.
  /\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,64}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/]{16,255}|SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}|sk-[A-Za-z0-9_-]{20,255}|SK[0-9a-f]{32}|AGE-SECRET-KEY-1[A-Z0-9]{20,128}|\d{8,10}:AA[A-Za-z0-9_-]{33})/g,
  /(\b(?:Bearer|Basic) +)(?=[A-Za-z+/._~-]{0,256}[\d=])[A-Za-z0-9+/._~-]{16,8192}=*/gi,
  // The scheme is not looked for: in a long text of dots it would be sought from every one of them.
  /(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
  // What is given to a name that says itself that it is secret: `--password=x`, `DB_PASSWORD=x`, `client_secret: "x"`. After a
  // colon it has to be all that follows: `password: must be longer` is what a server says of one.
  new RegExp(`(${SECRET_NAME}["']?[^\\S\\n]{0,8}=[^\\S\\n]{0,8}["']?)${NO_REFERENCE}[^${ENDS}]{4,1024}`, "gi"),
  new RegExp(
    `(${SECRET_NAME}["']?[^\\S\\n]{0,8}:[^\\S\\n]{0,8}["']?)${NO_REFERENCE}[^${ENDS}]{4,1024}(?=["',;}]|[^\\S\\n]{0,8}$)`,
    "gim",
  ),
];

// `-----BEGIN` in base64. What follows decides whether it is a key or a certificate.
const ENCODED_BLOCK = /\bLS0tLS1CRUdJTi[A-Za-z0-9+/_-]{16,}={0,2}/g;

// Most texts are one word, and what has a shape without any of these characters is longer.
const WORD = /^[^-_.:= ]*$/;
const LONGEST_WORD = 20;

/** Every place in a text that looks like a key, a token or a password, whatever was learned; they may overlap. */
export function secretShapes(text: string): readonly Span[] {
  if (text.length < LONGEST_WORD && WORD.test(text)) return [];
  return [...SHAPES.flatMap((shape) => spansOf(text, shape)), ...encodedKeys(text)];
}

function spansOf(text: string, shape: RegExp): readonly Span[] {
  return [...text.matchAll(shape)].map(({ 0: found, 1: readable = "", index }) => ({
    start: index + readable.length,
    end: index + found.length,
  }));
}

function encodedKeys(text: string): readonly Span[] {
  if (!text.includes("LS0tLS1CRUdJTi")) return [];
  return spansOf(text, ENCODED_BLOCK).filter(({ start, end }) =>
    Buffer.from(text.slice(start, end), "base64").includes("PRIVATE KEY-----"),
  );
}
