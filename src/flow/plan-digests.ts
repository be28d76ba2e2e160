import type { KubeObject } from "../model/object.ts";
import { valueAt } from "../model/path.ts";
import type { TargetReport } from "../model/plan.ts";
import { hasErrors, type Problem } from "../model/problem.ts";
import { refKey, type Ref } from "../model/ref.ts";
import type { Rendered } from "../ports.ts";
import type { Difference } from "../diff/differences.ts";
import { hideWith, intentDigest, planDigest, renderedDigest } from "../diff/digest.ts";
import { isSecretPath } from "../diff/secrecy.ts";
import type { UnstablePath } from "../diff/unstable.ts";
import type { Assessment } from "./assess.ts";
import type { Desired } from "./desired.ts";
import type { World } from "./world.ts";

export interface DigestedPlan {
  /** The digest of head. */
  readonly rendered: () => string;
  readonly base: readonly Desired[];
  readonly head: readonly Desired[];
  readonly unstable: readonly UnstablePath[];
  readonly assessments: readonly Assessment[];
  readonly problems: readonly Problem[];
}

/** The digest of what Git wants; it depends on nothing that is live, so it can be made while the cluster is asked. */
export function digestOfRender(
  { renderer }: Pick<Rendered, "renderer">,
  { cluster, key }: Pick<World, "cluster" | "key">,
  head: readonly Desired[],
): string {
  return renderedDigest(objectsOf(head), { cluster: cluster?.uid ?? "", renderer }, hideWith(key?.key));
}

/** The digests of a target's plan; none where an error leaves open what is wanted. */
export function planDigests(
  world: Pick<World, "key">,
  { base, head, unstable, assessments, problems, ...plan }: DigestedPlan,
): Pick<TargetReport, "digest" | "rendered" | "intent"> {
  if (hasErrors(problems)) return {};
  const hide = hideWith(world.key?.key);
  const rendered = plan.rendered();
  const wanted = new Map(head.map(({ ref, object }) => [refKey(ref), object]));
  const changes = assessments.flatMap(({ change, fields }) =>
    change
      ? [{ op: change.op, ref: change.ref, fields: asWanted(fields, change.ref, wanted.get(refKey(change.ref))) }]
      : [],
  );
  return {
    rendered,
    digest: planDigest(rendered, changes, hide),
    intent: intentDigest(objectsOf(base), objectsOf(head), hide, unstable),
  };
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
