import { Failure } from "../model/failure.ts";
import type { Viewer } from "../model/github.ts";
import type { Connection } from "./connect.ts";

const OPERATION = { name: "viewer: read", needs: "metadata: read" };

/** Who the token speaks for, asked once. `GET /user` is refused to an Action's token and to an App's; GraphQL answers both. */
export function createViewer(connection: Connection): (signal: AbortSignal) => Promise<Viewer> {
  let known: Promise<Viewer> | undefined;
  return (signal) => {
    known ??= read(connection, signal).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

interface Answer {
  readonly viewer?: { readonly login?: unknown; readonly databaseId?: unknown };
}

async function read(connection: Connection, signal: AbortSignal): Promise<Viewer> {
  const { viewer } = await connection.call(OPERATION, signal, (octokit, { request }) =>
    octokit.graphql<Answer>("query { viewer { login databaseId } }", { request }),
  );
  if (typeof viewer?.login === "string" && typeof viewer.databaseId === "number") {
    return { login: viewer.login, id: viewer.databaseId };
  }
  throw new Failure("github-error", "viewer: GitHub does not say who the token belongs to", {
    remedy: "use the token of the workflow (github.token) or of a GitHub App",
  });
}
