/** What an operation says: a status and, unless it is 204, JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An operation was refused; thrown from wherever that is found out, and answered as it is. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer, message: string) {
    super(message);
    this.answer = answer;
  }
}

/** One entry of `errors` in a 422. */
export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: string;
  readonly message?: string;
}

export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, body, headers };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export function noContent(): Answer {
  return { status: 204 };
}

/** An error with GitHub's members: message, link to the documentation, and the status as a text. */
export function errorAnswer(status: number, message: string, errors?: readonly (FieldError | string)[]): Answer {
  const documentation = { documentation_url: "https://docs.github.com/rest", status: String(status) };
  return { status, body: { message, ...(errors && { errors }), ...documentation } };
}

export function refuse(status: number, message: string): Refusal {
  return new Refusal(errorAnswer(status, message), message);
}

/** Also the answer for what may not be seen: a private repository does not admit that it exists. */
export function notFound(): Refusal {
  return refuse(404, "Not Found");
}

/** 422 with the error's place. */
export function invalid(...errors: readonly FieldError[]): Refusal {
  return new Refusal(errorAnswer(422, "Validation Failed", errors), "Validation Failed");
}

/** 422 with a reason in words. */
export function unprocessable(message: string): Refusal {
  return refuse(422, message);
}
