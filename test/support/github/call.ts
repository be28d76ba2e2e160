import type { OperationId } from "./operations.ts";
import type { Repository, Store } from "./store.ts";
import type { Token } from "./token.ts";

/** One request that is known, valid and allowed. */
export interface Call {
  readonly store: Store;
  readonly token: Token;
  readonly operation: OperationId;
  readonly url: URL;
  /** Parameters in the path, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Valid by the description, so an operation may say which type it has. */
  readonly body: unknown;
}

export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** A number in the path. */
export function numberIn(call: Call, name: string): number {
  return Number(call.path[name]);
}

/** A parameter in the path. */
export function textIn(call: Call, name: string): string {
  return call.path[name] ?? "";
}
