import type { Marker, PostedComment } from "../model/github.ts";
import type { Forge, Comments } from "../forge-ports.ts";
import type { Connection } from "./connect.ts";
import { createOnce } from "./create-once.ts";
import { isAbsent } from "./github-failure.ts";
import { hasMarker, withMarker } from "./marker.ts";

const NEEDS = "pull-requests: write (issues: write for an issue)";

/** The number and the marker name one comment of ours. */
interface Spot {
  readonly number: number;
  readonly marker: Marker;
}

export function createComments(connection: Connection, viewer: Forge["viewer"]): Comments {
  const thread = { connection, viewer };
  return {
    find: async (number, marker, signal) => (await list(thread, { number, marker }, signal))[0],
    upsert: (number, marker, body, signal) => upsert(thread, { number, marker }, withMarker(body, marker), signal),
    react: (commentId, reaction, signal) => react(connection, commentId, reaction, signal),
  };
}

interface Thread {
  readonly connection: Connection;
  readonly viewer: Forge["viewer"];
}

/** Ours, oldest first, over all pages. The marker alone proves nothing, anyone may paste it: only what we wrote is ours to edit. */
async function list(
  { connection, viewer }: Thread,
  spot: Spot,
  signal: AbortSignal,
): Promise<readonly PostedComment[]> {
  const { id } = await viewer(signal);
  const operation = { name: `comments on #${spot.number}: list`, needs: "pull-requests: read" };
  const all = await connection.call(operation, signal, (octokit, basis) =>
    octokit.paginate(octokit.rest.issues.listComments, { ...basis, issue_number: spot.number, per_page: 100 }),
  );
  return all
    .filter((comment) => comment.user?.id === id && hasMarker(comment.body ?? "", spot.marker))
    .map(toComment)
    .toSorted((a, b) => a.id - b.id);
}

async function upsert(thread: Thread, spot: Spot, body: string, signal: AbortSignal): Promise<PostedComment> {
  const ours = await list(thread, spot, signal);
  const kept = await keepOldest(thread, ours, body, signal);
  if (kept !== undefined) return kept;
  const created = await createOnce({
    create: () => create(thread.connection, spot.number, body, signal),
    find: async () => (await list(thread, spot, signal))[0],
  });
  // Two runs may have created at once. Each looks again and keeps the oldest, so that both end with the same one. A list may
  // lag behind: what we made belongs to it in any case.
  const others = (await list(thread, spot, signal)).filter((comment) => comment.id !== created.id);
  const all = [created, ...others].toSorted((a, b) => a.id - b.id);
  return (await keepOldest(thread, all, body, signal)) ?? created;
}

/** Brings the oldest to the body and deletes the others; `undefined` when there is none, or it was deleted meanwhile. */
async function keepOldest(
  { connection }: Thread,
  [oldest, ...others]: readonly PostedComment[],
  body: string,
  signal: AbortSignal,
): Promise<PostedComment | undefined> {
  for (const other of others) await remove(connection, other.id, signal);
  if (oldest === undefined || oldest.body === body) return oldest;
  try {
    return await edit(connection, oldest.id, body, signal);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return undefined;
  }
}

async function create(
  connection: Connection,
  number: number,
  body: string,
  signal: AbortSignal,
): Promise<PostedComment> {
  const operation = { name: `comment on #${number}: create`, needs: NEEDS };
  const { data } = await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.issues.createComment({ ...basis, issue_number: number, body }),
  );
  return toComment(data);
}

async function edit(connection: Connection, id: number, body: string, signal: AbortSignal): Promise<PostedComment> {
  const operation = { name: `comment ${id}: edit`, needs: NEEDS };
  const { data } = await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.issues.updateComment({ ...basis, comment_id: id, body }),
  );
  return toComment(data);
}

async function remove(connection: Connection, id: number, signal: AbortSignal): Promise<void> {
  const operation = { name: `comment ${id}: delete a duplicate`, needs: NEEDS };
  try {
    await connection.call(operation, signal, (octokit, basis) =>
      octokit.rest.issues.deleteComment({ ...basis, comment_id: id }),
    );
  } catch (error) {
    // The other run deleted it.
    if (!isAbsent(error)) throw error;
  }
}

async function react(
  connection: Connection,
  id: number,
  content: Parameters<Comments["react"]>[1],
  signal: AbortSignal,
): Promise<void> {
  const operation = { name: `comment ${id}: react`, needs: NEEDS };
  // The same reaction twice is one reaction: this POST may be sent again.
  await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.reactions.createForIssueComment({
      ...basis,
      request: { ...basis.request, retries: 2 },
      comment_id: id,
      content,
    }),
  );
}

function toComment(data: { readonly id: number; readonly html_url: string; readonly body?: string }): PostedComment {
  return { id: data.id, url: data.html_url, body: data.body ?? "" };
}
