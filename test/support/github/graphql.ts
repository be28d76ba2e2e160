import { type Answer, ok } from "./answer.ts";
import type { Token } from "./token.ts";
import { actor } from "./token.ts";

const VIEWER = /^\s*(?:query(?:\s+\w+)?\s*)?\{\s*viewer\s*\{([\s\w,]+)\}\s*\}\s*$/;

/** `{ viewer { login databaseId } }`, the one query that is known here; `violation` says what another one has against it. */
export function answerGraphql(token: Token, body: unknown): { readonly answer: Answer; readonly violation?: string } {
  const user = actor(token);
  const query = (body as { readonly query?: unknown } | undefined)?.query;
  const fields =
    typeof query === "string"
      ? VIEWER.exec(query)?.[1]
          ?.split(/[\s,]+/)
          .filter(Boolean)
      : undefined;
  const known: Readonly<Record<string, unknown>> = {
    __typename: user.type,
    id: `U_${user.id}`,
    login: user.login,
    databaseId: user.id,
  };
  const unknown = fields?.find((field) => !Object.hasOwn(known, field));
  if (fields === undefined || unknown !== undefined) {
    const violation = `the stand-in knows only { viewer { login databaseId } }, not ${JSON.stringify(query)}`;
    return { answer: ok({ errors: [{ message: violation }] }), violation };
  }
  return { answer: ok({ data: { viewer: Object.fromEntries(fields.map((field) => [field, known[field]])) } }) };
}
