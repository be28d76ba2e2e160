import type { KubeObject } from "../../src/model/object.ts";
import type { Ref } from "../../src/model/ref.ts";
import type { Refusal } from "../../src/model/refusal.ts";
import { problemOfRefusal } from "../../src/diff/refused.ts";

/** What a kube-apiserver answered to one write, with the objects that were known then. */
export interface Answer {
  readonly ref: Ref;
  readonly refusal: Refusal;
  readonly sent?: KubeObject;
  readonly live?: KubeObject;
}

/** The answers about one subject, by what was tried. */
export type Answers = Readonly<Record<string, Answer>>;

/** What people read of each refusal. */
export function refusalTable(answers: Answers): string {
  const entries = Object.entries(answers).map(([name, { refusal, ref, sent, live }]) => {
    const known = { ...(sent && { sent }), ...(live && { live }) };
    const { level, code, message, remedy } = problemOfRefusal(refusal, ref, undefined, known);
    return `${name}\n  HTTP ${refusal.httpStatus} ${level} ${code}\n  ${message}\n  to do: ${remedy}\n`;
  });
  return entries.join("\n");
}
