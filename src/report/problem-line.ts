import { formatPlace } from "../model/place.ts";
import { messageBeside, type Problem } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";

/** A problem as one line of a log: what has a place is found by it, what has none is told with its target. */
export function problemLine(problem: Problem, target?: Target): string {
  const { remedy, at, code } = problem;
  const name = target && formatTarget(target);
  const where = at === undefined ? name : formatPlace(at);
  const message = messageBeside(problem, name === undefined ? [] : [name]);
  return `${where === undefined ? "" : `${where}: `}${message} (${code}); ${remedy}`;
}
