/** The text of one `Warning: 299 - "text"` header as Node gives it. A header of another form is returned whole. */
export function parseWarning(value: string): string {
  // Node reads header bytes as latin1; the API server writes UTF-8.
  const text = Buffer.from(value, "latin1").toString("utf8");
  const quoted = /^\d{3} \S+ "((?:[^"\\]|\\.)*)"/s.exec(text)?.[1];
  return quoted === undefined ? text : quoted.replaceAll(/\\(.)/gs, "$1");
}
