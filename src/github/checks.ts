import type { CheckRun } from "../model/github.ts";
import type { Checks, CheckText, Forge } from "../forge-ports.ts";
import type { Connection } from "./connect.ts";
import { createOnce } from "./create-once.ts";
import { failureOf } from "./github-failure.ts";

/** Of summary and text each, as GitHub's own description says. */
const LONGEST_CHARACTERS = 65_535;

/** A name on a commit. */
interface Spot {
  readonly sha: string;
  readonly name: string;
}

export function createChecks(connection: Connection, viewer: Forge["viewer"]): Checks {
  const commit = { connection, viewer };
  return {
    find: (sha, name, signal) => find(commit, { sha, name }, signal),
    publish: (sha, name, check, signal) => publish(commit, { sha, name }, check, signal),
  };
}

interface Commit {
  readonly connection: Connection;
  readonly viewer: Forge["viewer"];
}

/** The newest that our own App made: any App may use any name. */
async function find({ connection, viewer }: Commit, spot: Spot, signal: AbortSignal): Promise<CheckRun | undefined> {
  const { login } = await viewer(signal);
  const operation = { name: `check ${spot.name} on ${spot.sha.slice(0, 12)}: read`, needs: "checks: read" };
  const runs = await connection.call(operation, signal, (octokit, basis) =>
    octokit.paginate(octokit.rest.checks.listForRef, {
      ...basis,
      ref: spot.sha,
      check_name: spot.name,
      filter: "all",
      per_page: 100,
    }),
  );
  return runs
    .filter((run) => run.name === spot.name && `${run.app?.slug}[bot]` === login)
    .map(toCheckRun)
    .toSorted((a, b) => b.id - a.id)[0];
}

async function publish(commit: Commit, spot: Spot, check: CheckText, signal: AbortSignal): Promise<CheckRun> {
  return createOnce({
    create: () => create(commit.connection, spot, check, signal),
    // An older one that says the same is as good.
    find: async () => {
      const newest = await find(commit, spot, signal);
      return newest?.conclusion === check.conclusion && newest.text === check.text ? newest : undefined;
    },
  });
}

async function create(connection: Connection, spot: Spot, check: CheckText, signal: AbortSignal): Promise<CheckRun> {
  const operation = { name: `check ${spot.name} on ${spot.sha.slice(0, 12)}: create`, needs: "checks: write" };
  if ([check.summary, check.text].some((text) => Array.from(text).length > LONGEST_CHARACTERS)) {
    throw failureOf(operation, { operation: operation.name, reason: "too-long" });
  }
  const { data } = await connection.call(operation, signal, (octokit, basis) =>
    octokit.rest.checks.create({
      ...basis,
      name: spot.name,
      head_sha: spot.sha,
      status: "completed",
      conclusion: check.conclusion,
      output: { title: check.title, summary: check.summary, text: check.text },
    }),
  );
  return toCheckRun(data);
}

interface CheckData {
  readonly id: number;
  readonly html_url: string | null;
  readonly name: string;
  readonly head_sha: string;
  readonly conclusion: string | null;
  readonly output: { readonly text: string | null };
}

function toCheckRun(data: CheckData): CheckRun {
  const run = {
    id: data.id,
    url: data.html_url ?? "",
    name: data.name,
    headSha: data.head_sha,
    text: data.output.text ?? "",
  };
  return data.conclusion === null ? run : { ...run, conclusion: data.conclusion };
}
