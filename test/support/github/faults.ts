import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, errorAnswer } from "./answer.ts";
import type { OperationId } from "./operations.ts";

/** One thing that goes wrong. What it does not say matches everything. */
export interface Fault {
  readonly operation?: OperationId | "graphql" | "git-upload-pack" | "git-receive-pack";
  readonly method?: string;
  /** The whole path without its query, or a pattern in it. */
  readonly path?: string | RegExp;
  /** Counted from 1 over the calls that match; every one unless given. */
  readonly nth?: number;
  /** Before the change is made, or when it is made and the answer is ready. */
  readonly when: "before" | "after";
  readonly effect: Effect;
}

export type Effect =
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** The connection is closed without an answer. */
  | { readonly kind: "drop" }
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Something happens between two calls. It may use everything that a test may. */
  | { readonly kind: "run"; readonly run: () => Promise<unknown> }
  /** The answer is another one; it is validated as any. Only `after`. */
  | { readonly kind: "alter"; readonly alter: (body: unknown) => unknown };

export interface Faults {
  add(...faults: readonly Fault[]): void;
  clear(): void;
  /** Those that have not happened yet; a test that ends with one did not test it. */
  readonly pending: readonly Fault[];
  /** The effects on this call. Called once per request. */
  strike(request: FaultRequest): readonly Fault[];
}

export interface FaultRequest {
  readonly operation: string | undefined;
  readonly method: string;
  readonly path: string;
}

/** What faults end a request with. */
export type Ending = { readonly kind: "dropped" } | { readonly kind: "answered"; readonly answer: Answer };

/** Lets the faults of one moment happen; `undefined` when the request goes on. */
export async function befall(faults: readonly Fault[], when: Fault["when"]): Promise<Ending | undefined> {
  for (const { effect } of faults.filter((fault) => fault.when === when)) {
    if (effect.kind === "delay") await sleep(effect.milliseconds);
    if (effect.kind === "run") await effect.run();
    if (effect.kind === "drop") return { kind: "dropped" };
    if (effect.kind === "answer") {
      const { status, message = "Something went wrong", headers = {} } = effect;
      return { kind: "answered", answer: { ...errorAnswer(status, message), headers } };
    }
  }
  return undefined;
}

/** The answer as the faults alter it. */
export function altered(faults: readonly Fault[], answer: Answer): Answer {
  return faults.reduce(
    (result, { effect }) => (effect.kind === "alter" ? { ...result, body: effect.alter(result.body) } : result),
    answer,
  );
}

interface Counted {
  readonly fault: Fault;
  calls: number;
  struck: boolean;
}

export function createFaults(): Faults {
  let script: Counted[] = [];
  return {
    add: (...faults) => {
      script = [...script, ...faults.map((fault) => ({ fault, calls: 0, struck: false }))];
    },
    clear: () => {
      script = [];
    },
    get pending() {
      return script.filter(({ struck }) => !struck).map(({ fault }) => fault);
    },
    strike: (request) => script.filter((counted) => strikes(counted, request)).map(({ fault }) => fault),
  };
}

function strikes(counted: Counted, request: FaultRequest): boolean {
  const { fault } = counted;
  if (!matches(fault, request)) return false;
  counted.calls += 1;
  if (fault.nth !== undefined && fault.nth !== counted.calls) return false;
  counted.struck = true;
  return true;
}

function matches(fault: Fault, { operation, method, path }: FaultRequest): boolean {
  if (fault.operation !== undefined && fault.operation !== operation) return false;
  if (fault.method !== undefined && fault.method !== method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === "string" ? fault.path === path : fault.path.test(path);
}
