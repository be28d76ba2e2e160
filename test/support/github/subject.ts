import { notFound } from "./answer.ts";
import { numberIn, type RepositoryCall } from "./call.ts";
import type { Comment, Issue, Pull, Repository } from "./store.ts";

/** The issue or pull request that a call names. */
export function issueAt(call: RepositoryCall): Issue {
  return issueOf(call.repository, numberIn(call, "issue_number"));
}

export function issueOf(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (issue === undefined) throw notFound();
  return issue;
}

/** The pull request that a call names. */
export function pullAt(call: RepositoryCall): Pull {
  return pullOf(call.repository, numberIn(call, "pull_number"));
}

export function pullOf(repository: Repository, number: number): Pull {
  const pull = repository.pulls.get(number);
  if (pull === undefined) throw notFound();
  return pull;
}

/** The comment that a call names. */
export function commentAt(call: RepositoryCall): Comment {
  const comment = call.repository.comments.get(numberIn(call, "comment_id"));
  if (comment === undefined) throw notFound();
  return comment;
}

/** In the order in which they were written. */
export function commentsOf(repository: Repository, issue: number): readonly Comment[] {
  return [...repository.comments.values()].filter((comment) => comment.issue === issue);
}
