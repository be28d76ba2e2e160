/** The system's or Node's code of an error (`ECONNREFUSED`), never its text, which may quote what was sent. */
export function codeOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string")
    return error.code;
  return "an error without a code";
}
