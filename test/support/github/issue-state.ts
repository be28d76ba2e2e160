import { type Issue, nextNumber, type Repository, type Store } from "./store.ts";

export type NewIssue = Pick<Issue, "title" | "body" | "author" | "app"> & { readonly labels?: readonly string[] };

/** Adds an issue, or the issue half of a pull request, under the next number. */
export function addIssue(
  store: Store,
  repository: Repository,
  { title, body, author, app, labels = [] }: NewIssue,
): Issue {
  const now = store.now();
  const issue: Issue = {
    id: store.nextId(),
    number: nextNumber(repository),
    title,
    body,
    author,
    app,
    labels,
    state: "open",
    stateReason: undefined,
    locked: false,
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
  };
  repository.issues.set(issue.number, issue);
  return issue;
}

/** Opens or closes; the other members stay. */
export function changeState(store: Store, issue: Issue, state: Issue["state"], reason: Issue["stateReason"]): Issue {
  if (state === issue.state) return { ...issue, stateReason: reason ?? issue.stateReason };
  const closed = state === "closed";
  const stateReason = reason ?? (closed ? "completed" : "reopened");
  return { ...issue, state, stateReason, closedAt: closed ? store.now() : undefined };
}
