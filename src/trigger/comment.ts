export const VERBS = ["help", "plan", "apply", "revert", "accept", "ignore", "snooze", "freeze", "override"] as const;

export type Verb = (typeof VERBS)[number];

/** What a comment asks for. Whether its author may ask is decided elsewhere. */
export type CommentCommand =
  | { readonly kind: "known"; readonly verb: Verb; readonly args: readonly string[] }
  /** Meant for us, but no command; answered with help. */
  | { readonly kind: "unknown"; readonly word: string };

const MAX_LINE = 500;

// Visible ASCII only: a look-alike letter or an invisible character must not make a command that people read otherwise.
const LINE = /^\/plumb(?: ([!-~]+(?: [!-~]+)*))?$/;

/** The command in the first line of a comment: `/plumb <verb> [argument...]` from the first column, one space between words. Anything else is talk. */
export function parseComment(body: string): CommentCommand | undefined {
  const line = (body.split(/\r\n|\r|\n/, 1)[0] ?? "").replace(/[ \t]+$/, "");
  const match = line.length > MAX_LINE ? null : LINE.exec(line);
  if (match === null) return undefined;
  const [word = "", ...args] = (match[1] ?? "").split(" ");
  const verb = VERBS.find((one) => one === word);
  return verb === undefined ? { kind: "unknown", word } : { kind: "known", verb, args };
}

/** The one line that `parseComment` reads as this command. */
export function formatComment(command: CommentCommand): string {
  const words = command.kind === "known" ? [command.verb, ...command.args] : [command.word];
  return ["/plumb", ...words].filter((word) => word !== "").join(" ");
}
