import type { Walk } from "./walk.ts";

/** Whether a text matches a pattern in the server's own dialect (RE2, anywhere in the text); `undefined`: it would cost too much to say. */
export function matchesPattern(text: string, source: string, { budget }: Walk): boolean | undefined {
  const pattern = budget.pattern(source);
  if (pattern === undefined || !budget.spend((pattern.programSize() * text.length) / 20)) return undefined;
  return pattern.test(text);
}
