import { type Answer, created, noContent, ok, refuse } from "./answer.ts";
import type { RepositoryCall } from "./call.ts";
import { pageAnswer } from "./pagination.ts";
import { mayModerate } from "./permissions.ts";
import { reactionSummary } from "./reactions.ts";
import { apiUrl, type Comment, type Issue, pageUrl, type Repository, type Store } from "./store.ts";
import { commentAt, commentsOf, issueAt } from "./subject.ts";
import { checkCommentBody } from "./text-limit.ts";
import { associationOf } from "./association.ts";
import { actor } from "./token.ts";
import { toAppOrNull, toUser } from "./users.ts";

const COMMENTS_PER_ISSUE = 2500;

export const commentRoutes = {
  "issues/create-comment": create,
  "issues/delete-comment": remove,
  "issues/get-comment": (call: RepositoryCall): Answer => ok(toComment(call.store, call.repository, commentAt(call))),
  "issues/list-comments": listOfIssue,
  "issues/list-comments-for-repo": listOfRepository,
  "issues/update-comment": update,
};

/** Adds a comment, whoever writes it. */
export function addComment(
  store: Store,
  repository: Repository,
  { issue, body, author, app }: Pick<Comment, "issue" | "body" | "author" | "app">,
): Comment {
  const now = store.now();
  const comment: Comment = { id: store.nextId(), issue, body, author, app, createdAt: now, updatedAt: now };
  repository.comments.set(comment.id, comment);
  return comment;
}

function create(call: RepositoryCall): Answer {
  const { store, repository, token } = call;
  const issue = issueAt(call);
  const { body } = call.body as { readonly body: string };
  checkCommentBody(body);
  refuseWhereClosed(call, issue);
  const comment = addComment(store, repository, { issue: issue.number, body, author: actor(token), app: token.app });
  return created(toComment(store, repository, comment));
}

function refuseWhereClosed({ repository, token }: RepositoryCall, issue: Issue): void {
  if (commentsOf(repository, issue.number).length >= COMMENTS_PER_ISSUE) {
    throw refuse(403, "Commenting is disabled on issues with more than 2500 comments");
  }
  const mayWriteAnyway = token.kind === "user" && mayModerate(token, repository, -1);
  if (issue.locked && !mayWriteAnyway) throw refuse(403, "Unable to create comment because issue is locked.");
}

function update(call: RepositoryCall): Answer {
  const { store, repository } = call;
  const comment = ownOrModerated(call);
  const { body } = call.body as { readonly body: string };
  checkCommentBody(body);
  const edited: Comment = { ...comment, body, updatedAt: store.now() };
  repository.comments.set(comment.id, edited);
  return ok(toComment(store, repository, edited));
}

function remove(call: RepositoryCall): Answer {
  call.repository.comments.delete(ownOrModerated(call).id);
  return noContent();
}

function ownOrModerated(call: RepositoryCall): Comment {
  const comment = commentAt(call);
  if (!mayModerate(call.token, call.repository, comment.author.id)) {
    throw refuse(403, "Must have admin rights to Repository.");
  }
  return comment;
}

function listOfIssue(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const comments = commentsOf(repository, issueAt(call).number).filter(isSince(query["since"]));
  return pageAnswer(call, comments, (comment) => toComment(store, repository, comment));
}

function listOfRepository(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const time =
    query["sort"] === "updated" ? (comment: Comment) => comment.updatedAt : (comment: Comment) => comment.createdAt;
  const comments = [...repository.comments.values()]
    .filter(isSince(query["since"]))
    .toSorted((a, b) => time(a).localeCompare(time(b)) || a.id - b.id);
  const ordered = query["direction"] === "desc" ? comments.toReversed() : comments;
  return pageAnswer(call, ordered, (comment) => toComment(store, repository, comment));
}

function isSince(since: string | undefined): (comment: Comment) => boolean {
  return ({ updatedAt }) => since === undefined || Date.parse(updatedAt) >= Date.parse(since);
}

function toComment(store: Store, repository: Repository, comment: Comment): unknown {
  const { id, issue, body, author, app, createdAt, updatedAt } = comment;
  const api = apiUrl(store, repository);
  const url = `${api}/issues/comments/${id}`;
  const kind = repository.pulls.has(issue) ? "pull" : "issues";
  return {
    id,
    node_id: `IC_${id}`,
    url,
    html_url: `${pageUrl(store, repository)}/${kind}/${issue}#issuecomment-${id}`,
    issue_url: `${api}/issues/${issue}`,
    body,
    user: toUser(store, author),
    created_at: createdAt,
    updated_at: updatedAt,
    author_association: associationOf(repository, author),
    performed_via_github_app: toAppOrNull(store, app),
    reactions: reactionSummary(repository, id, url),
  };
}
