import { code } from "./markdown.ts";

const HELP = [
  "| comment | what it does |",
  "| --- | --- |",
  "| `/plumb help` | shows this table |",
  "",
  "Every other step is a workflow run: a pull request is planned when it changes, merging applies it, and a schedule looks for drift.",
].join("\n");

/** The answer to `/plumb help`. */
export function helpAnswer(): string {
  return HELP;
}

/** The answer to a command that there is not, or not yet. */
export function unknownAnswer(word: string): string {
  const what = word === "" ? "There is no command in this comment." : `There is no command ${code(word)}.`;
  return `${what}\n\n${HELP}`;
}
