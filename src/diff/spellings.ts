// Of longer values only the forms in which programs pass them on are looked for; the others are for what people retype.
const LONG = 1_024;

/**
 * The ways a value turns up in texts: as it is, in JSON, YAML and URLs, in hex, in base64 with and without padding, also
 * wrapped, encoded twice, or somewhere inside of what was encoded.
 */
export function spellings(secret: string): readonly string[] {
  const trimmed = secret.trim();
  const bytes = Buffer.from(trimmed, "utf8");
  const base64 = bytes.toString("base64");
  const json = JSON.stringify(trimmed).slice(1, -1);
  const common = [
    secret,
    trimmed,
    ...(trimmed === secret ? [] : [Buffer.from(secret, "utf8").toString("base64")]),
    base64,
    json,
  ];
  if (trimmed.length > LONG) return common;
  const hex = bytes.toString("hex");
  return [
    ...common,
    ...wrapped(base64),
    ...embedded(bytes),
    bytes.toString("base64url"),
    Buffer.from(base64, "utf8").toString("base64"),
    hex,
    hex.toUpperCase(),
    json.replaceAll(/[<>&]/g, escapedByGo),
    trimmed.replaceAll("'", "''"),
    urlEncoded(trimmed),
  ];
}

// The line length of `base64` on Linux. Lines of 64, as in PEM, are the pieces by which a long text is known anyway.
const LINE = 76;

function wrapped(base64: string): readonly string[] {
  if (base64.length <= LINE) return [];
  return Array.from({ length: Math.ceil(base64.length / LINE) }, (_, line) =>
    base64.slice(line * LINE, (line + 1) * LINE),
  );
}

/** The characters of base64 that the bytes decide alone, for each of the three ways they may lie in what was encoded. */
function embedded(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    return whole.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
}

// encoding/json writes these three so that JSON can stand in HTML; kubectl's and kapp's copies of an object have them.
function escapedByGo(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16)}`;
}

/** As it is when it cannot be encoded: half of a surrogate pair is no character. */
function urlEncoded(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : text;
}
