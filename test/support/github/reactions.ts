import { type Answer, created, noContent, notFound, ok } from "./answer.ts";
import { numberIn, type RepositoryCall } from "./call.ts";
import { pageAnswer } from "./pagination.ts";
import { mayModerate } from "./permissions.ts";
import type { Reaction, Repository, Store } from "./store.ts";
import { commentAt } from "./subject.ts";
import { actor } from "./token.ts";
import { toUser } from "./users.ts";

const CONTENTS = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];

export const reactionRoutes = {
  "reactions/create-for-issue-comment": create,
  "reactions/delete-for-issue-comment": remove,
  "reactions/list-for-issue-comment": list,
};

export function reactionsOf(repository: Repository, comment: number): readonly Reaction[] {
  return [...repository.reactions.values()].filter((reaction) => reaction.comment === comment);
}

/** How many of each, as every comment shows it. */
export function reactionSummary(repository: Repository, comment: number, commentUrl: string): unknown {
  const all = reactionsOf(repository, comment);
  const counts = CONTENTS.map((content) => [content, all.filter((reaction) => reaction.content === content).length]);
  return { url: `${commentUrl}/reactions`, total_count: all.length, ...Object.fromEntries(counts) };
}

function create(call: RepositoryCall): Answer {
  const { store, repository, token } = call;
  const { content } = call.body as { readonly content: string };
  const comment = commentAt(call).id;
  const author = actor(token);
  const same = reactionsOf(repository, comment).find(
    (reaction) => reaction.content === content && reaction.author.id === author.id,
  );
  if (same !== undefined) return ok(toReaction(store, same));
  const reaction: Reaction = { id: store.nextId(), comment, content, author, createdAt: store.now() };
  repository.reactions.set(reaction.id, reaction);
  return created(toReaction(store, reaction));
}

function remove(call: RepositoryCall): Answer {
  const { repository, token } = call;
  const reaction = repository.reactions.get(numberIn(call, "reaction_id"));
  if (reaction?.comment !== commentAt(call).id) throw notFound();
  if (!mayModerate(token, repository, reaction.author.id)) throw notFound();
  repository.reactions.delete(reaction.id);
  return noContent();
}

function list(call: RepositoryCall): Promise<Answer> {
  const { store, repository, query } = call;
  const reactions = reactionsOf(repository, commentAt(call).id).filter(
    ({ content }) => query["content"] === undefined || query["content"] === content,
  );
  return pageAnswer(call, reactions, (reaction) => toReaction(store, reaction));
}

function toReaction(store: Store, { id, content, author, createdAt }: Reaction): unknown {
  return { id, node_id: `REA_${id}`, user: toUser(store, author), content, created_at: createdAt };
}
