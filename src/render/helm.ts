import path from "node:path";
import type { Place } from "../model/place.ts";
import type { Problem } from "../model/problem.ts";
import type { ExecAnswer } from "../ports.ts";
import { parseManifests } from "../manifest/parse.ts";
import { scanChart } from "./chart.ts";
import { scrubbedEnvironment } from "./environment.ts";
import { helmArgumentProblems, helmArguments, type HelmPaths } from "./helm-arguments.ts";
import { withoutHooks } from "./hooks.ts";
import type { JobAnswer, ToolJob } from "./job.ts";
import { PROGRAM_LIMITS, programProblem } from "./program-run.ts";
import { renderError } from "./problems.ts";
import { repositoryPath } from "./repository-path.ts";
import { templateInMessage, templatePlaces, type RenderedChart } from "./template-places.ts";

/** Renders a chart of the repository with `helm template`, without a cluster and without fetching anything. */
export async function renderHelm(job: ToolJob): Promise<JobAnswer> {
  const { tree, place, request, tool, workshop } = job;
  const chartFile = path.posix.join(place, "Chart.yaml");
  const values = await bringValues(job);
  const chart = await scanChart(place, tree);
  const refused = [
    ...helmArgumentProblems(request),
    ...tree.problems(),
    ...values.problems,
    ...chart.problems.filter(isError),
  ];
  if (refused.length > 0) return { objects: [], problems: refused };
  const paths = {
    chart: tree.locate(place),
    values: values.files.map((file) => tree.locate(file)),
    withSchema: !chart.hasArchives,
  };
  // Templates have a clock and random numbers: what is not the same twice cannot be promised.
  const [answer, second] = await Promise.all([runHelm(paths, job), runHelm(paths, job)]);
  const rendered = { chart: place, files: tree.files(place) };
  const findPlace = (said: string): Place | undefined => templateInMessage(said, rendered);
  const failed = programProblem({ tool, answer, path: place, file: chartFile, tree: workshop.tree, findPlace });
  if (failed !== undefined) return { objects: [], problems: [missingDependencies(answer.stderr, place) ?? failed] };
  const { objects, problems } = read(answer.stdout, rendered, chartFile);
  const isOther = second.ended === "exit" && second.code === 0 && second.stdout !== answer.stdout;
  return {
    objects,
    problems: [...problems, ...chart.problems],
    ...(isOther && { again: read(second.stdout, rendered, chartFile).objects }),
  };
}

function runHelm(paths: HelmPaths, { exec, request, signal, tool, workshop }: ToolJob): Promise<ExecAnswer> {
  const command = {
    file: tool.file,
    args: helmArguments(request, paths),
    cwd: workshop.empty,
    env: scrubbedEnvironment(workshop),
    ...PROGRAM_LIMITS,
  };
  return exec.run(command, signal);
}

/** What helm printed, each object at the template it came from. */
function read(output: string, rendered: RenderedChart, chartFile: string): JobAnswer {
  const parsed = parseManifests(output, chartFile);
  const toPlace = templatePlaces(output, rendered);
  const { objects, problems } = withoutHooks(parsed.objects.map(({ object, at }) => ({ object, at: toPlace(at) })));
  return { objects, problems: [...parsed.problems.map((problem) => replaced(problem, toPlace)), ...problems] };
}

function isError(problem: Problem): boolean {
  return problem.level === "error";
}

/** The reader of manifests was given helm's whole output under the name of the chart's file. */
function replaced(problem: Problem, toPlace: (at: Place) => Place): Problem {
  if (problem.at === undefined) return problem;
  const at = toPlace(problem.at);
  return { ...problem, at, message: problem.message.replace(`${problem.at.file}: `, () => `${at.file}: `) };
}

interface ValuesFiles {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

async function bringValues({ request, tree }: ToolJob): Promise<ValuesFiles> {
  const found = await Promise.all(
    request.values.map(async (written) => {
      const file = written.startsWith("-") ? undefined : repositoryPath(".", written);
      if (file === undefined || /^[a-z][a-z0-9+.-]*:/i.test(written))
        return valuesProblem(written, "is not a file of this repository");
      return (await tree.bring(file)) === "file" ? file : valuesProblem(written, "does not exist in this commit");
    }),
  );
  return {
    files: found.filter((one) => typeof one === "string"),
    problems: found.filter((one) => typeof one !== "string"),
  };
}

function valuesProblem(written: string, what: string): Problem {
  const message = `values file ${JSON.stringify(written)} ${what}`;
  return {
    code: "file-unreadable",
    level: "error",
    message,
    remedy: "name a file by its path from the repository's root",
  };
}

function missingDependencies(stderr: string, place: string): Problem | undefined {
  const names = /missing in charts\/ directory: (.+)/.exec(stderr)?.[1];
  if (names === undefined) return undefined;
  const message = `${place}: charts that Chart.yaml depends on are not in charts/: ${names.trim()}`;
  return renderError("render-failed", path.posix.join(place, "Chart.yaml"), {
    message,
    remedy: `run helm dependency build ${place} and commit ${path.posix.join(place, "charts")}`,
  });
}
