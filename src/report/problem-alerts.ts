import { formatPlace } from "../model/place.ts";
import { messageBeside, type Problem, type ProblemCode, type ProblemLevel } from "../model/problem.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { count } from "./count.ts";
import { excerpt } from "./excerpt.ts";
import type { Part } from "./fit.ts";
import { alert, code, prose } from "./markdown.ts";
import type { MaskedReport } from "./masked-report.ts";
import { ROUNDS } from "./rounds.ts";
import { targetNames } from "./target-names.ts";

/** One problem with all targets that have it; none of them for a problem of the run itself. */
interface Occurrence {
  readonly problem: Problem;
  readonly targets: readonly Target[];
}

interface LevelWords {
  readonly level: ProblemLevel;
  readonly kind: "CAUTION" | "WARNING";
  readonly title: (number: number) => string;
  readonly round: number;
}

const LEVELS: readonly LevelWords[] = [
  { level: "error", kind: "CAUTION", title: (n) => `⛔ ${count(n, "error")}`, round: ROUNDS.blockers },
  { level: "blocker", kind: "CAUTION", title: (n) => `⛔ ${count(n, "blocker")}`, round: ROUNDS.blockers },
  { level: "caution", kind: "WARNING", title: (n) => `⚠ ${count(n, "caution")}`, round: ROUNDS.cautions },
];

/** All problems of a run, the worst first, each once with the targets that have it, where it is and what to do. */
export function problemAlerts(report: MaskedReport): readonly Part[] {
  const occurrences = gather(report);
  return LEVELS.flatMap((words) => {
    const found = occurrences.filter(({ problem }) => problem.level === words.level);
    return found.length === 0 ? [] : [toPart(found.toSorted(compareGravity), words)];
  });
}

// Of the cautions, what cannot be undone and what lets others in; the rest follows in the order of the run.
const GRAVE: readonly ProblemCode[] = [
  "volume-deleted",
  "rights-widened",
  "privileged",
  "admission-widened",
  "exposure",
  "definition-narrowed",
];
// What is a matter of care comes after everything else.
const LIGHT: readonly ProblemCode[] = ["image-latest", "ambiguous-scalar"];

function compareGravity(a: Occurrence, b: Occurrence): number {
  return gravity(a.problem.code) - gravity(b.problem.code);
}

function gravity(code: ProblemCode): number {
  const grave = GRAVE.indexOf(code);
  return grave >= 0 ? grave : GRAVE.length + LIGHT.indexOf(code) + 1;
}

function gather(report: MaskedReport): readonly Occurrence[] {
  const all = [
    ...report.problems.map((problem) => ({ problem, target: undefined })),
    ...report.targets.flatMap(({ target, problems }) => problems.map((problem) => ({ problem, target }))),
  ];
  const byText = Map.groupBy(all, ({ problem }) =>
    JSON.stringify([problem.code, problem.level, problem.message, problem.at]),
  );
  return [...byText.values()].flatMap((same) => {
    const problem = same[0]?.problem;
    return problem === undefined ? [] : [{ problem, targets: same.flatMap(({ target }) => target ?? []) }];
  });
}

function toPart(found: readonly Occurrence[], { level, kind, title, round }: LevelWords): Part {
  const items = level === "caution" ? alike(found) : found.map((one) => [one]);
  const draw = (most: number): string => {
    const left = items.slice(most).flat().length;
    const more = left > 0 ? [`- and ${left} more`] : [];
    return `${alert(kind, [`**${title(found.length)}**`, ...items.slice(0, most).map(itemText), ...more])}\n\n`;
  };
  const shorter = [20, 5, 1].filter((most) => most < items.length);
  return {
    text: draw(items.length),
    shorter: shorter.map((most) => ({ round, text: draw(most), shows: "all" })),
  };
}

/** What is the same but for its subject stands in one line: thirty images without a version are one thing to do. */
function alike(found: readonly Occurrence[]): readonly (readonly Occurrence[])[] {
  const same = Map.groupBy(found, ({ problem, targets }) =>
    JSON.stringify([problem.code, problem.remedy, targets.map(formatTarget)]),
  );
  return [...same.values()].flatMap((group) => (group.length > MOST_ALIKE ? [group] : group.map((one) => [one])));
}

const MOST_ALIKE = 3;
const LONGEST_MESSAGE = 600;

function itemText(group: readonly Occurrence[]): string {
  const [first] = group;
  if (first === undefined) return "";
  const { problem, targets } = first;
  const where = targets.length === 0 ? "" : `${targetNames(targets)} — `;
  const messages = group.slice(0, MOST_ALIKE).map(messageText).join("; ");
  const more = group.length > MOST_ALIKE ? `; and ${group.length - MOST_ALIKE} more like these` : "";
  return `- ${where}${messages}${more}. To do: ${prose(excerpt(problem.remedy, LONGEST_MESSAGE))}`;
}

function messageText({ problem, targets }: Occurrence): string {
  const place = problem.at === undefined ? "" : ` (${code(excerpt(formatPlace(problem.at), LONGEST_MESSAGE))})`;
  return `${prose(excerpt(messageBeside(problem, targets.map(formatTarget)), LONGEST_MESSAGE))}${place}`;
}
