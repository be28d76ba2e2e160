import { parseComment } from "./comment.ts";
import { nothing, refused, type Decision, type DecisionContext } from "./decision.ts";
import type { Command } from "./inputs.ts";
import { decideNamed } from "./named-decision.ts";
import { refuseForeignCode, refusePrivileged } from "./privilege.ts";
import { decidePull } from "./pull-decision.ts";
import type { CommentTrigger, DispatchTrigger, Trigger } from "./trigger.ts";

/** What the run does for this event; a command that was given wins over the event, but not over the guards. */
export function decide(trigger: Trigger, context: DecisionContext): Decision {
  const refusal = refuseForeignCode(trigger, context);
  if (refusal !== undefined) return refusal;
  if (trigger.kind === "unreadable") return refuseUnreadable(trigger);
  return context.command === "auto" ? decideAuto(trigger, context) : decideNamed(context.command, trigger, context);
}

function refuseUnreadable({ event, why }: Extract<Trigger, { readonly kind: "unreadable" }>): Decision {
  return refused(`event ${event}: ${why}`, "look at the file that GITHUB_EVENT_PATH names: GitHub writes it as JSON");
}

function decideAuto(trigger: Exclude<Trigger, { readonly kind: "unreadable" }>, context: DecisionContext): Decision {
  switch (trigger.kind) {
    case "pull-request":
      return decidePull(trigger, context);
    case "merge-group":
      return trigger.isRequested ? decideNamed("plan", trigger, context) : nothing("the merge group is gone");
    case "push":
      return trigger.isDefaultBranch
        ? decideNamed("apply", trigger, context)
        : nothing("the push is not to the default branch");
    case "schedule":
      return decideNamed("drift", trigger, context);
    case "comment":
      return decideComment(trigger, context);
    case "dispatch":
      return decideDispatch(trigger, context);
    case "privileged":
      return refusePrivileged(trigger);
    case "unknown":
      break;
  }
  return nothing(`event ${trigger.event}: ${trigger.why}`);
}

function decideComment(trigger: CommentTrigger, { viewerId }: DecisionContext): Decision {
  if (!trigger.isCreated) return nothing("only a new comment is a command");
  if (trigger.isBot || trigger.authorId === viewerId) return nothing("bots give no commands");
  const command = parseComment(trigger.body);
  if (command === undefined) return nothing("the comment is no command");
  return { kind: "comment-command", command, comment: trigger };
}

const DISPATCHED = ["targets", "plan", "apply", "drift"] as const satisfies readonly Command[];

function decideDispatch(trigger: DispatchTrigger, context: DecisionContext): Decision {
  const command = DISPATCHED.find((one) => one === trigger.command);
  if (command !== undefined) return decideNamed(command, trigger, context);
  const named = trigger.command === undefined ? "no command" : JSON.stringify(trigger.command);
  return refused(
    `event ${trigger.event}: it names ${named}`,
    `name one of ${DISPATCHED.join(", ")}, or give input command`,
  );
}
