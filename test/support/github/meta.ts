import { type Answer, ok, refuse } from "./answer.ts";
import type { Call } from "./call.ts";
import type { RateLimit } from "./rate-limit.ts";
import { actor } from "./token.ts";
import { toUser } from "./users.ts";
import type { OperationId } from "./operations.ts";

/** Operations that belong to no repository. */
export type RootOperation = "meta/get" | "rate-limit/get" | "users/get-authenticated";

export function isRootOperation(id: OperationId): id is RootOperation {
  return id === "meta/get" || id === "rate-limit/get" || id === "users/get-authenticated";
}

/** Answers an operation that belongs to no repository. */
export function answerRoot(call: Call, operation: RootOperation, rateLimit: RateLimit): Answer {
  switch (operation) {
    case "meta/get":
      return ok({ verifiable_password_authentication: false });
    case "rate-limit/get":
      return rateLimit.overview(call.token);
    case "users/get-authenticated":
      return authenticatedUser(call);
  }
}

/** A workflow's or an app's token is no user, so it is refused here; GraphQL's `viewer` answers it. */
function authenticatedUser({ store, token }: Call): Answer {
  const user = actor(token);
  if (token.kind === "app") throw refuse(403, "Resource not accessible by integration");
  return ok({
    ...toUser(store, user),
    ...PROFILE,
    name: user.login,
  });
}

const PROFILE = {
  bio: null,
  blog: null,
  company: null,
  created_at: "2020-01-01T00:00:00Z",
  email: null,
  followers: 0,
  following: 0,
  hireable: null,
  location: null,
  public_gists: 0,
  public_repos: 0,
  updated_at: "2020-01-01T00:00:00Z",
};
