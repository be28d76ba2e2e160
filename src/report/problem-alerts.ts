import { formatPlace } from "../model/place.ts";
import { messageBeside, type Problem, type ProblemLevel } from "../model/problem.ts";
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
    return found.length === 0 ? [] : [toPart(found, words)];
  });
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

function toPart(found: readonly Occurrence[], { kind, title, round }: LevelWords): Part {
  const draw = (most: number): string => {
    const more = found.length > most ? [`- and ${found.length - most} more`] : [];
    const items = found.slice(0, most).map(itemText);
    return `${alert(kind, [`**${title(found.length)}**`, ...items, ...more])}\n\n`;
  };
  const shorter = [20, 5, 1].filter((most) => most < found.length);
  return {
    text: draw(found.length),
    shorter: shorter.map((most) => ({ round, text: draw(most), shows: "all" })),
  };
}

const LONGEST_MESSAGE = 600;

function itemText({ problem, targets }: Occurrence): string {
  const where = targets.length === 0 ? "" : `${targetNames(targets)} — `;
  const place = problem.at === undefined ? "" : ` (${code(excerpt(formatPlace(problem.at), LONGEST_MESSAGE))})`;
  const message = prose(excerpt(messageBeside(problem, targets.map(formatTarget)), LONGEST_MESSAGE));
  return `- ${where}${message}${place}. To do: ${prose(excerpt(problem.remedy, LONGEST_MESSAGE))}`;
}
