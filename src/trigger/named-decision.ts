import { refused, type Decision, type DecisionContext } from "./decision.ts";
import type { Command } from "./inputs.ts";
import { refusePrivileged } from "./privilege.ts";
import { decidePull } from "./pull-decision.ts";
import type { Trigger } from "./trigger.ts";

/** What a command that was named does on this event. */
export function decideNamed(command: Exclude<Command, "auto">, trigger: Trigger, context: DecisionContext): Decision {
  return DECISIONS[command](trigger, context);
}

const DECISIONS: Readonly<Record<Exclude<Command, "auto">, (trigger: Trigger, context: DecisionContext) => Decision>> =
  {
    targets: () => ({ kind: "targets" }),
    report: decideReport,
    plan: decidePlan,
    apply: decideApply,
    drift: decideDrift,
    images: () => unbuilt("images"),
    render: () => unbuilt("render"),
  };

// The token of a fork's or Dependabot's run may only read: there is the job summary, and no comment is tried.
function decideReport(trigger: Trigger): Decision {
  if (trigger.kind !== "pull-request" || trigger.pull.fork || trigger.pull.dependabot) return { kind: "report" };
  return { kind: "report", pull: trigger.pull };
}

function decidePlan(trigger: Trigger, context: DecisionContext): Decision {
  const { kind } = trigger;
  if (kind === "privileged") return refusePrivileged(trigger);
  if (kind === "merge-group") return { kind: "check-only", sha: trigger.headSha, baseSha: trigger.baseSha };
  if (kind === "push" || kind === "schedule" || kind === "dispatch") return { kind: "plan", sha: trigger.sha };
  if (kind !== "pull-request")
    return unfit("plan", trigger, "plan runs on a pull request, a push, a schedule, or started by hand");
  return decidePull(trigger.change === "other" ? { ...trigger, change: "replan" } : trigger, context);
}

// What was not merged must not be applied, whoever names the command.
function decideApply(trigger: Trigger): Decision {
  const isOnDefaultBranch = trigger.kind === "schedule" || ("isDefaultBranch" in trigger && trigger.isDefaultBranch);
  if (!isOnDefaultBranch)
    return unfit(
      "apply",
      trigger,
      "apply runs on a push to the default branch, on a schedule, or started by hand there",
    );
  return { kind: "apply", sha: trigger.sha, full: trigger.kind !== "push" };
}

function decideDrift(trigger: Trigger): Decision {
  const { kind } = trigger;
  if (kind === "privileged") return refusePrivileged(trigger);
  if (kind === "push" || kind === "schedule" || kind === "dispatch") return { kind: "drift", sha: trigger.sha };
  return unfit("drift", trigger, "drift runs on a schedule, a push, or started by hand");
}

function unfit(command: Command, trigger: Trigger, remedy: string): Decision {
  const event =
    trigger.kind === "unknown" || trigger.kind === "unreadable"
      ? `event ${trigger.event}: ${trigger.why}`
      : NAMES[trigger.kind];
  return refused(`command ${command} does not fit ${event}`, remedy);
}

const NAMES: Readonly<Record<Exclude<Trigger["kind"], "unknown" | "unreadable">, string>> = {
  "pull-request": "a pull request",
  "merge-group": "a merge group",
  push: "a push to another branch than the default one",
  comment: "a comment",
  dispatch: "a run on another branch than the default one",
  privileged: "an event that a stranger may have caused",
  schedule: "a schedule",
};

function unbuilt(command: Command): Decision {
  const message = `command ${command} is not supported yet`;
  return {
    kind: "refused",
    problem: { code: "not-supported-yet", level: "error", message, remedy: "use plan, apply or drift" },
  };
}
