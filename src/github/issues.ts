import type { Marker, PostedIssue } from "../model/github.ts";
import type { Forge, Issues, IssueText } from "../forge-ports.ts";
import type { Connection } from "./connect.ts";
import { createOnce } from "./create-once.ts";
import { failureOf } from "./github-failure.ts";
import { hasMarker, withMarker } from "./marker.ts";

const NEEDS = "issues: write";

export function createIssues(connection: Connection, viewer: Forge["viewer"]): Issues {
  const tracker = { connection, viewer };
  return {
    find: async (marker, signal) => (await list(tracker, marker, signal))[0],
    open: (marker, text, signal) => open(tracker, marker, marked(text, marker), signal),
    update: (number, marker, text, state, signal) =>
      update(connection, number, { ...marked(text, marker), state }, signal),
  };
}

interface Tracker {
  readonly connection: Connection;
  readonly viewer: Forge["viewer"];
}

interface Draft {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}

function marked(text: IssueText, marker: Marker): Draft {
  return { ...text, body: withMarker(text.body, marker) };
}

/** Ours, the open one first, then by age. Not by label: anybody who may triage can take a label off, and search lags behind. */
async function list(
  { connection, viewer }: Tracker,
  marker: Marker,
  signal: AbortSignal,
): Promise<readonly PostedIssue[]> {
  const { id, login } = await viewer(signal);
  const operation = { name: `issues of ${login}: list`, needs: "issues: read" };
  const all = await connection.call(operation, signal, (octokit, basis) =>
    octokit.paginate(octokit.rest.issues.listForRepo, { ...basis, creator: login, state: "all", per_page: 100 }),
  );
  return all
    .filter((issue) => issue.pull_request === undefined && issue.user?.id === id && hasMarker(issue.body ?? "", marker))
    .map(toIssue)
    .toSorted((a, b) => Number(b.state === "open") - Number(a.state === "open") || a.number - b.number);
}

async function open(tracker: Tracker, marker: Marker, draft: Draft, signal: AbortSignal): Promise<PostedIssue> {
  const { connection } = tracker;
  const existing = (await list(tracker, marker, signal))[0];
  if (existing !== undefined) return update(connection, existing.number, { ...draft, state: "open" }, signal);
  const created = await createOnce({
    create: () => create(connection, draft, signal),
    find: async () => (await list(tracker, marker, signal))[0],
  });
  return settleRace(tracker, marker, { created, draft }, signal);
}

/** Two runs may have opened one at once. An issue cannot be deleted: ours is closed when another one is older. */
async function settleRace(
  tracker: Tracker,
  marker: Marker,
  { created, draft }: { readonly created: PostedIssue; readonly draft: Draft },
  signal: AbortSignal,
): Promise<PostedIssue> {
  const { connection } = tracker;
  const oldest = (await list(tracker, marker, signal)).find((issue) => issue.state === "open");
  if (oldest === undefined || oldest.number >= created.number) return created;
  const operation = { name: `issue #${created.number}: close as a duplicate of #${oldest.number}`, needs: NEEDS };
  await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.issues.update({
      ...basis,
      issue_number: created.number,
      state: "closed",
      state_reason: "not_planned",
    }),
  );
  return update(connection, oldest.number, { ...draft, state: "open" }, signal);
}

/** Labels that do not exist yet are made by GitHub with the issue. */
async function create(connection: Connection, draft: Draft, signal: AbortSignal): Promise<PostedIssue> {
  const operation = { name: "issue: open", needs: NEEDS };
  const { title, body, labels } = draft;
  const { data } = await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.issues.create({ ...basis, title, body, labels: [...labels] }),
  );
  return toIssue(data);
}

/** Labels are left as people arranged them. */
async function update(
  connection: Connection,
  number: number,
  wanted: Draft & { readonly state: "open" | "closed" },
  signal: AbortSignal,
): Promise<PostedIssue> {
  const operation = { name: `issue #${number}: edit`, needs: NEEDS };
  const { title, body, state } = wanted;
  await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.issues.update({ ...basis, issue_number: number, title, body, state }),
  );
  const issue = await read(connection, number, signal);
  // Seen with bodies above the limit: the answer is 200 and the old body stays.
  // https://github.com/objectstack-ai/objectstack/issues/18793
  if (!sameText(issue.body, body)) {
    throw failureOf(operation, { operation: operation.name, status: 200, reason: "not-kept" });
  }
  return issue;
}

async function read(connection: Connection, number: number, signal: AbortSignal): Promise<PostedIssue> {
  const operation = { name: `issue #${number}: read`, needs: "issues: read" };
  const { data } = await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.issues.get({ ...basis, issue_number: number }),
  );
  return toIssue(data);
}

/** GitHub may store line ends of its own. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll("\r\n", "\n").trimEnd();
  return plain(a) === plain(b);
}

interface IssueData {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly title: string;
  readonly body?: string | null | undefined;
}

function toIssue(data: IssueData): PostedIssue {
  const { number, title } = data;
  return { number, title, url: data.html_url, state: data.state === "open" ? "open" : "closed", body: data.body ?? "" };
}
