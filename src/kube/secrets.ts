/** Kubeconfig fields whose values are secret, wherever they stand (user, auth-provider config, exec environment). */
const SECRET_FIELD = /(token|password|secret|key-data)$/i;

/** Every secret text inside a kubeconfig user, each in all the forms in which it could be printed. */
export function secretsIn(user: unknown): readonly string[] {
  return [...new Set(secretValues(user).flatMap(spellings))];
}

/** A secret as it stands, decoded when it is base64, and each line of a PEM: a log shows them one by one. */
export function spellings(secret: string): readonly string[] {
  const decoded = isBase64(secret) ? [Buffer.from(secret, "base64").toString("utf8")] : [];
  const texts = [secret.trim(), ...decoded.filter((text) => !text.includes("\u{FFFD}"))];
  return texts
    .flatMap((text) => (text.includes("\n") ? [text, ...secretLines(text)] : [text]))
    .filter((text) => text !== "");
}

function secretValues(value: unknown, secret = false): readonly string[] {
  if (typeof value === "string") return secret ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => secretValues(environmentValue(item) ?? item, secret));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => secretValues(member, secret || SECRET_FIELD.test(key)));
}

// `exec.env` is a list of {name, value}: a value is a secret whatever its name.
function environmentValue(item: unknown): unknown {
  if (typeof item !== "object" || item === null || !("name" in item) || !("value" in item)) return undefined;
  return { token: item.value };
}

function secretLines(pem: string): readonly string[] {
  return pem
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("-----"));
}

function isBase64(text: string): boolean {
  return text.length >= 16 && /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text);
}
