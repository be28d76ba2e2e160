import { preferredKind } from "../model/kind.ts";
import { refOf } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatRef } from "../model/ref.ts";
import type { Cluster } from "../ports.ts";
import type { Planned } from "../preflight/planned.ts";
import { definitionChange, type DefinitionChange } from "../schema/definition-change.ts";
import { defines, readDefinition } from "../schema/definition.ts";
import { lostVersions } from "../schema/stored-versions.ts";
import type { Judged } from "./judged-plan.ts";
import { unlessForbidden } from "./permitted.ts";

export interface DefinitionsRequest {
  readonly cluster: Cluster;
  readonly plan: readonly Planned[];
  readonly judged: Judged;
}

/** What definitions of custom kinds that change do to the objects of their kinds. */
export async function checkDefinitions(request: DefinitionsRequest, signal: AbortSignal): Promise<readonly Problem[]> {
  const changed = request.plan.flatMap((planned) => changeOf(planned));
  const problems = await Promise.all(changed.map((change) => checkOne(change, request, signal)));
  return problems.flat();
}

type Changed = Pick<DefinitionChange, "before" | "after" | "at">;

function changeOf({ ref, op, live, head, at }: Planned): readonly Changed[] {
  const isDefinition = ref.group === "apiextensions.k8s.io" && ref.kind === "CustomResourceDefinition";
  if (!isDefinition || op !== "update" || live === undefined || head === undefined) return [];
  return [{ before: live, after: head, ...(at && { at }) }];
}

async function checkOne(
  change: Changed,
  { cluster, judged }: DefinitionsRequest,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const definition = readDefinition(change.before);
  const { kinds } = judged.world;
  const kind = definition && kinds && preferredKind(kinds, definition.group, definition.kind);
  const live = kind === undefined ? [] : await unlessForbidden(cluster.list(kind, {}, signal));
  const written = judged.gathered.head.filter(({ object }) => definition !== undefined && defines(definition, object));
  const whole = { ...change, live: live === "forbidden" ? [] : live, written };
  const unseen = live === "forbidden" ? [unseenProblem(change)] : [];
  return [...lostVersions(whole), ...definitionChange(whole), ...unseen];
}

function unseenProblem({ after, at }: Changed): Problem {
  return {
    code: "definition-changes",
    level: "caution",
    message: `${formatRef(refOf(after))}: its live objects may not be listed, so what the change does to them is not known`,
    remedy: "allow our identity to list the kind",
    ...(at && { at }),
  };
}
