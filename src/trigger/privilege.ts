import { refused, type Decision, type DecisionContext } from "./decision.ts";
import type { PrivilegedTrigger, Trigger } from "./trigger.ts";

const PWN_REQUESTS = "https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/";

/**
 * The refusal of a run that has a privileged event, a credential, and files in the workspace that a stranger may have
 * written. A comment does not say where its pull request comes from, and a test merge has another SHA than the head, so
 * only the event's own commit is safe.
 */
export function refuseForeignCode(
  trigger: Trigger,
  { hasCredential, checkedOut }: DecisionContext,
): Decision | undefined {
  if (trigger.kind !== "comment" && trigger.kind !== "privileged") return undefined;
  if (!hasCredential || checkedOut === undefined || checkedOut === trigger.sha) return undefined;
  if (trigger.kind === "privileged" && !trigger.fork) return undefined;
  const event = trigger.kind === "comment" ? "issue_comment" : trigger.event;
  return refused(
    `event ${event}: the workspace is not at the event's own commit while a cluster credential is present, so a stranger's files could use it`,
    `check out without ref, what else is needed is fetched by commit; see ${PWN_REQUESTS}`,
  );
}

/** The refusal of an event whose rights are not those of whoever caused it. */
export function refusePrivileged({ event }: PrivilegedTrigger): Decision {
  return refused(
    `event ${event}: it runs with the rights of the default branch although a stranger may have caused it`,
    `start the workflow on pull_request instead; see ${PWN_REQUESTS}`,
  );
}
