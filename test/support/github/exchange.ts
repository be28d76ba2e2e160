import { createHash, randomUUID } from "node:crypto";
import { type Answer, errorAnswer, notFound, refuse, Refusal } from "./answer.ts";
import type { Call } from "./call.ts";
import { answerErrors, type Match, matchOperation, requestErrors } from "./description.ts";
import { altered, befall, type Faults } from "./faults.ts";
import { answerGraphql } from "./graphql.ts";
import { answerRoot, isRootOperation } from "./meta.ts";
import { authorize } from "./permissions.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { LoggedRequest, Violation } from "./record.ts";
import { type RepositoryOperation, ROUTES } from "./routes.ts";
import type { Store } from "./store.ts";
import { ANONYMOUS, authenticate, type Token } from "./token.ts";

/** A request as it came over the wire. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

export interface Desk {
  readonly store: Store;
  readonly faults: Faults;
  readonly rateLimit: RateLimit;
  readonly requests: LoggedRequest[];
  readonly violations: Violation[];
}

/** Answers one REST or GraphQL request; `undefined`: the connection is to be dropped. */
export async function exchange(desk: Desk, incoming: Incoming): Promise<Answer | undefined> {
  const request = understand(desk, incoming);
  const answer = await throughFaults(request);
  const final = answer === undefined ? undefined : withHeaders(request, answer);
  desk.requests.push(logged(request, final?.status));
  return final;
}

interface Request {
  readonly desk: Desk;
  readonly incoming: Incoming;
  readonly match: Match | undefined;
  /** What the log and the faults call it. */
  readonly operation: string | undefined;
  /** Absent for a secret that is no token. */
  readonly token: Token | undefined;
  readonly body: unknown;
  readonly isMalformed: boolean;
}

function understand(desk: Desk, incoming: Incoming): Request {
  const { method, url, headers, text } = incoming;
  const isGraphql = method === "POST" && url.pathname === "/graphql";
  const match = isGraphql ? undefined : matchOperation(method, url.pathname);
  const operation = isGraphql ? "graphql" : match?.operation.id;
  const token = authenticate(desk.store, headers["authorization"]);
  return { desk, incoming, match, operation, token, ...parse(text) };
}

function parse(text: string): { readonly body: unknown; readonly isMalformed: boolean } {
  if (text === "") return { body: undefined, isMalformed: false };
  try {
    return { body: JSON.parse(text), isMalformed: false };
  } catch {
    return { body: text, isMalformed: true };
  }
}

async function throughFaults(request: Request): Promise<Answer | undefined> {
  const { desk, incoming, operation } = request;
  const faults = desk.faults.strike({ operation, method: incoming.method, path: incoming.url.pathname });
  const before = await befall(faults, "before");
  if (before !== undefined) return before.kind === "dropped" ? undefined : before.answer;
  const made = altered(faults, await answered(request));
  const checked = request.match === undefined ? made : validated(request, request.match, made);
  const after = await befall(faults, "after");
  if (after === undefined) return checked;
  return after.kind === "dropped" ? undefined : after.answer;
}

/** A refusal is an answer; anything else that is thrown is a bug of the stand-in, which a test must see. */
async function answered(request: Request): Promise<Answer> {
  try {
    return await admit(request);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return failed(request, [error instanceof Error ? String(error.stack) : String(error)]);
  }
}

function failed({ desk, operation = "none" }: Request, errors: readonly string[]): Answer {
  desk.violations.push({ side: "answer", operation, errors });
  return errorAnswer(599, `the stand-in failed: ${errors.join("; ")}`);
}

async function admit(request: Request): Promise<Answer> {
  const { desk, incoming, match, token, operation } = request;
  if (incoming.headers["user-agent"] === undefined) throw refuse(403, "Request forbidden by administrative rules.");
  if (token === undefined) throw refuse(401, "Bad credentials");
  const isWrite = incoming.method !== "GET" && operation !== "graphql";
  const limited = desk.rateLimit.count(token, isWrite ? "write" : "read");
  if (limited !== undefined) return limited;
  if (request.isMalformed) throw refuse(400, "Problems parsing JSON");
  if (operation === "graphql") return graphql(request, token);
  return match === undefined ? unknown(request) : operate(request, match, token);
}

function graphql({ desk, body }: Request, token: Token): Answer {
  const { answer, violation } = answerGraphql(token, body);
  if (violation !== undefined) desk.violations.push({ side: "request", operation: "graphql", errors: [violation] });
  return answer;
}

function unknown({ desk, incoming }: Request): never {
  const operation = `${incoming.method} ${incoming.url.pathname}`;
  desk.violations.push({ side: "request", operation, errors: ["no operation of the stand-in; see operations.ts"] });
  throw notFound();
}

/** Changes are made one after the other; reading waits for nobody. */
async function operate({ desk, incoming, body }: Request, match: Match, token: Token): Promise<Answer> {
  const { store, rateLimit } = desk;
  const { url } = incoming;
  const { id, method } = match.operation;
  const query = Object.fromEntries(url.searchParams);
  const call: Call = { store, token, operation: id, url, path: match.parameters, query, body };
  const errors = requestErrors(match, query, body);
  if (errors.length > 0) desk.violations.push({ side: "request", operation: id, errors });
  const refusal = errors.length > 0 ? errorAnswer(422, `Invalid request.\n\n${errors.join("\n")}`) : undefined;
  if (isRootOperation(id)) return refusal ?? answerRoot(call, id, rateLimit);
  const made = () => inRepository(call, id, refusal);
  return method === "GET" ? made() : store.serially(made);
}

/** What may not be seen or done is refused first, then what is not valid. */
async function inRepository(call: Call, id: RepositoryOperation, refusal: Answer | undefined): Promise<Answer> {
  const { owner = "", repo = "" } = call.path;
  const repository = call.store.repositories.get(`${owner}/${repo}`.toLowerCase());
  if (repository === undefined) throw notFound();
  const inside = { ...call, repository };
  authorize(inside);
  if (refusal !== undefined) return refusal;
  return ROUTES[id](inside);
}

/** The answer, or 599 where it does not fit the description: then nothing may be learned from it. */
function validated(request: Request, { operation }: Match, answer: Answer): Answer {
  if (answer.status === 599) return answer;
  const errors = answerErrors(operation, answer.status, answer.body);
  return errors.length === 0 ? answer : failed(request, errors);
}

function withHeaders({ desk, incoming, token = ANONYMOUS }: Request, answer: Answer): Answer {
  const headers = {
    "x-github-request-id": randomUUID(),
    "x-github-media-type": "github.v3; format=json",
    ...answer.headers,
  };
  if (incoming.method !== "GET" || answer.status !== 200) {
    return { ...answer, headers: { ...desk.rateLimit.headers(token), ...headers } };
  }
  const etag = `W/"${createHash("sha256").update(JSON.stringify(answer.body)).digest("hex")}"`;
  const isKnown = incoming.headers["if-none-match"] === etag;
  if (isKnown) desk.rateLimit.refund(token);
  const all = { ...desk.rateLimit.headers(token), ...headers, etag };
  return isKnown ? { status: 304, headers: all } : { ...answer, headers: all };
}

function logged({ incoming, operation, token, body }: Request, status: number | undefined): LoggedRequest {
  const { method, url } = incoming;
  const query = Object.fromEntries(url.searchParams);
  return { method, path: url.pathname, query, operation, body, login: token?.user?.login, status };
}
