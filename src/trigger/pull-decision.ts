import { nothing, type Decision, type DecisionContext } from "./decision.ts";
import type { PullReference, PullTrigger } from "./trigger.ts";

/** A plan, or the most that its run may do. */
export function decidePull(trigger: PullTrigger, { hasCredential }: DecisionContext): Decision {
  const { change, action, pull, sha } = trigger;
  if (change === "merged") return nothing("the pull request was merged, its push applies it");
  if (change === "other") return nothing(`pull request event ${action} changes no plan`);
  // The token of these runs may only read, so there is no comment of ours to change.
  const mayComment = !pull.fork && !pull.dependabot;
  if (change === "closed") return mayComment ? { kind: "closed", pull } : nothing("the pull request was closed");
  const why = whyOffline(pull, hasCredential);
  return why === undefined ? { kind: "plan", sha, pull } : { kind: "plan-offline", sha, pull, why };
}

function whyOffline({ fork, dependabot }: PullReference, hasCredential: boolean): string | undefined {
  if (fork) return "the pull request comes from a fork, whose runs get no secrets and a token that only reads";
  if (dependabot)
    return "the pull request is Dependabot's, whose runs get Dependabot's secrets instead of those of Actions and a token that only reads";
  return hasCredential ? undefined : "there is no credential for a cluster: input kubeconfig is empty";
}
