import type { KubeObject } from "../model/object.ts";
import { valueAt } from "../model/path.ts";
import type { TargetReport } from "../model/plan.ts";
import { hasErrors, type Problem } from "../model/problem.ts";
import { refKey, type Ref } from "../model/ref.ts";
import type { Rendered } from "../ports.ts";
import type { Difference } from "../diff/differences.ts";
import { hideWith, intentDigest, planDigest, renderedDigest } from "../diff/digest.ts";
import { isSecretKind, isSecretPath } from "../diff/secrecy.ts";
import type { UnstablePath } from "../diff/unstable.ts";
import type { Assessment } from "./assess.ts";
import type { Desired } from "./desired.ts";
import type { World } from "./world.ts";

/** What Git alone decides of a plan's digests. */
export interface GitDigests {
  readonly rendered: string;
  readonly intent: string;
}

export interface GitStates {
  readonly base: readonly Desired[];
  readonly head: readonly Desired[];
  /** Where two renders of head differ. */
  readonly unstable: readonly UnstablePath[];
}

/** Depends on nothing that is live, so it can be reckoned while the cluster is asked. */
export function gitDigests(
  { renderer }: Pick<Rendered, "renderer">,
  { cluster, key }: Pick<World, "cluster" | "key">,
  { base, head, unstable }: GitStates,
): GitDigests {
  const hide = hideWith(key?.key);
  const [before, after] = [objectsOf(base), objectsOf(head)];
  return {
    rendered: renderedDigest(after, { cluster: cluster?.uid ?? "", renderer }, hide),
    intent: intentDigest(before, after, hide, unstable),
  };
}

export interface DigestedPlan {
  readonly head: readonly Desired[];
  readonly git: () => GitDigests;
  readonly assessments: readonly Assessment[];
  readonly problems: readonly Problem[];
}

/** The digests of a target's plan; none where an error leaves open what is wanted. */
export function planDigests(
  world: Pick<World, "key">,
  { head, git, assessments, problems }: DigestedPlan,
): Pick<TargetReport, "digest" | "rendered" | "intent"> {
  if (hasErrors(problems)) return {};
  const secrets = head.filter(({ ref }) => isSecretKind(ref));
  const wanted = new Map(secrets.map(({ ref, object }) => [refKey(ref), object]));
  const changes = assessments.flatMap(({ change, fields }) =>
    change
      ? [{ op: change.op, ref: change.ref, fields: asWanted(fields, change.ref, wanted.get(refKey(change.ref))) }]
      : [],
  );
  const { rendered, intent } = git();
  return { rendered, digest: planDigest(rendered, changes, hideWith(world.key?.key)), intent };
}

function objectsOf(desired: readonly Desired[]): readonly KubeObject[] {
  return desired.map(({ object }) => object);
}

/** What is told of a Secret may hold another value than Git wants, so that nobody learns what is live; a digest is of what Git wants. */
function asWanted(fields: readonly Difference[], ref: Ref, wanted: KubeObject | undefined): readonly Difference[] {
  return fields.map((field) => {
    const value = isSecretPath(ref, field.path) ? valueAt(wanted, field.path) : undefined;
    return field.after === undefined || value === undefined ? field : { ...field, after: value };
  });
}
