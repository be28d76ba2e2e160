/** A question that is asked when somebody first needs the answer, and then never again. */
export interface Once<Answer> {
  readonly answer: () => Promise<Answer>;
  readonly wasAsked: () => boolean;
}

export function askOnce<Answer>(ask: () => Promise<Answer>): Once<Answer> {
  let asked: Promise<Answer> | undefined;
  return {
    answer: () => (asked ??= ask()),
    wasAsked: () => asked !== undefined,
  };
}
