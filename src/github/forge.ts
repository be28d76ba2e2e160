import type { Forge } from "../forge-ports.ts";
import { createChecks } from "./checks.ts";
import { createComments } from "./comments.ts";
import { connect, type ConnectOptions } from "./connect.ts";
import { createIssues } from "./issues.ts";
import { createPulls } from "./pulls.ts";
import { createViewer } from "./viewer.ts";

/** One repository on GitHub. Nothing is sent before the first call. */
export function createForge(options: ConnectOptions): Forge {
  const connection = connect(options);
  const viewer = createViewer(connection);
  return {
    viewer,
    pulls: createPulls(connection),
    comments: createComments(connection, viewer),
    checks: createChecks(connection, viewer),
    issues: createIssues(connection, viewer),
  };
}
