import { invalid } from "./answer.ts";

const BODY_BYTES = 262_144;
const TITLE_CHARACTERS = 256;
const PULL_BODY_CHARACTERS = 65_536;

/** Is a comment's or an issue's body short enough? It is measured in bytes of UTF-8, whatever the error says. */
export function isBodyShort(body: string): boolean {
  return Buffer.byteLength(body) <= BODY_BYTES;
}

/** Refuses an empty or a too long body of a comment. The text of the error names another limit, as GitHub's does. */
export function checkCommentBody(body: string): void {
  if (body.trim() === "") throw invalid({ resource: "IssueComment", code: "missing_field", field: "body" });
  if (!isBodyShort(body)) throw tooLong("IssueComment", "body", 65_536);
}

export function checkIssueBody(body: string): void {
  if (!isBodyShort(body)) throw tooLong("Issue", "body", 65_536);
}

export function checkPullBody(body: string): void {
  if (characters(body) > PULL_BODY_CHARACTERS) throw tooLong("PullRequest", "body", PULL_BODY_CHARACTERS);
}

export function checkTitle(resource: "Issue" | "PullRequest", title: string): void {
  if (title.trim() === "") throw invalid({ resource, code: "missing_field", field: "title" });
  if (characters(title) > TITLE_CHARACTERS) throw tooLong(resource, "title", TITLE_CHARACTERS);
}

/** 422 for a text of more than `limit` characters. */
export function checkLength(resource: string, field: string, text: string | null | undefined, limit: number): void {
  if (characters(text ?? "") > limit) throw tooLong(resource, field, limit);
}

/** Code points: an emoji is one. */
function characters(text: string): number {
  return Array.from(text).length;
}

function tooLong(resource: string, field: string, limit: number): ReturnType<typeof invalid> {
  return invalid({ resource, code: "custom", field, message: `${field} is too long (maximum is ${limit} characters)` });
}
