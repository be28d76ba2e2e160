import { readFile, rm, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startControlPlane, type ControlPlane } from "../cluster/control-plane.ts";
import { wait } from "../cluster/wait.ts";
import { toKubeRequest, type AuditEvent, type KubeRequest } from "./kube-request.ts";

/** A control plane that keeps a record of what its runners ask, kept by the API server itself. */
export interface AuditedPlane extends AsyncDisposable {
  readonly plane: ControlPlane;
  /** What the users have asked since a mark, in the order in which it came; every request of theirs has been answered. */
  since(mark: number, users: readonly string[]): Promise<readonly KubeRequest[]>;
  /** The end of the record as it is now. */
  mark(): Promise<number>;
}

/** Users of an audited plane. `runner` and `deputy` may do everything, `guest` what a test grants. */
export const RUNNER = "runner";
export const DEPUTY = "deputy";
export const GUEST = "guest";

const USERS = [
  { name: RUNNER, groups: ["system:masters"] },
  { name: DEPUTY, groups: ["system:masters"] },
  { name: GUEST, groups: [] },
];

// RequestReceived is written before a request is looked at, so whoever has an answer finds the request in the record.
const POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["ResponseStarted"],
  rules: [
    { level: "Request", users: USERS.map(({ name }) => name), verbs: ["delete"] },
    { level: "Metadata", users: USERS.map(({ name }) => name) },
    { level: "None" },
  ],
};

export async function startAuditedPlane(): Promise<AuditedPlane> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "audit-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [policy, log] = [join(folder, "policy.json"), join(folder, "audit.log")];
  await writeFile(policy, JSON.stringify(POLICY));
  await writeFile(log, "");
  const serverFlags = [`--audit-policy-file=${policy}`, `--audit-log-path=${log}`];
  const plane = stack.use(await startControlPlane({ users: USERS, serverFlags, say: () => {} }));
  const events = async (): Promise<readonly AuditEvent[]> => parseLog(await readFile(log, "utf8"));
  const owned = stack.move();
  return {
    plane,
    mark: async () => (await events()).length,
    async since(mark, users) {
      const ofUsers = async (): Promise<readonly AuditEvent[]> =>
        (await events()).slice(mark).filter(({ user }) => users.includes(user.username));
      const answered = async (): Promise<boolean> => isAnswered(await ofUsers());
      await wait({ what: "every request in the audit log answered", within: 30_000, of: [], until: answered });
      return toRequests(await ofUsers());
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A line that is still being written is no event yet. */
function parseLog(text: string): readonly AuditEvent[] {
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as AuditEvent);
}

function isAnswered(events: readonly AuditEvent[]): boolean {
  const answered = new Set(events.filter(({ stage }) => stage !== "RequestReceived").map(({ auditID }) => auditID));
  return events.every(({ auditID }) => answered.has(auditID));
}

function toRequests(events: readonly AuditEvent[]): readonly KubeRequest[] {
  return events
    .filter(({ stage }) => stage !== "RequestReceived")
    .map(toKubeRequest)
    .toSorted((a, b) => (a.received < b.received ? -1 : 1));
}
