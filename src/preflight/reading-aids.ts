import type { Problem } from "../model/problem.ts";
import { formatRef, refKey } from "../model/ref.ts";
import { wideAdmission } from "./admission.ts";
import { definitionNotes, narrowedDefinitions } from "./definitions.ts";
import { exposure } from "./exposure.ts";
import { latestImages } from "./images.ts";
import type { Planned } from "./planned.ts";
import { privileges } from "./privileges.ts";
import { renamesOf, type Rename } from "./renames.ts";
import { restartsOf } from "./restarts.ts";
import { rightsNotes, widenedRights } from "./rights.ts";
import { staleReaders } from "./stale-readers.ts";
import { deletedVolumes, type LiveVolumes } from "./volumes.ts";

/** What a reader is told of one change beside its fields; the members are those of `Change`. */
export interface ReadingAid {
  readonly restarts?: number;
  readonly notes?: readonly string[];
  readonly movedFrom?: string;
}

export interface ReadingAids {
  /** By ref key; changes of which there is nothing to tell are missing. */
  readonly changes: ReadonlyMap<string, ReadingAid>;
  readonly renames: readonly Rename[];
  /** The gravest first. */
  readonly problems: readonly Problem[];
}

/** Everything of a plan that its fields alone do not tell, or that a reader must not miss. Decided from the objects, never from what was so already. */
export function readingAids(plan: readonly Planned[], volumes: LiveVolumes): ReadingAids {
  const changes = plan.filter(({ op }) => op !== undefined);
  const stale = staleReaders(plan);
  const renames = renamesOf(changes);
  const origins = new Map(renames.map(({ from, to }) => [refKey(to.ref), formatRef(from.ref)]));
  return {
    changes: new Map(
      changes
        .map((planned) => [refKey(planned.ref), aidOf(planned, stale, origins)] as const)
        .filter(([, aid]) => Object.keys(aid).length > 0),
    ),
    renames,
    problems: [
      ...deletedVolumes(plan, volumes),
      ...widenedRights(changes),
      ...privileges(changes),
      ...wideAdmission(changes),
      ...exposure(changes),
      ...narrowedDefinitions(changes),
      ...latestImages(changes),
    ],
  };
}

function aidOf(planned: Planned, stale: ReadonlyMap<string, string>, origins: ReadonlyMap<string, string>): ReadingAid {
  const key = refKey(planned.ref);
  const { restarts, notes } = restartsOf(planned);
  const all = [...notes, ...rightsNotes(planned), ...definitionNotes(planned)];
  const reader = stale.get(key);
  const told = reader === undefined ? all : [...all, reader];
  const movedFrom = origins.get(key);
  return {
    ...(restarts !== undefined && { restarts }),
    ...(told.length > 0 && { notes: told }),
    ...(movedFrom !== undefined && { movedFrom }),
  };
}
