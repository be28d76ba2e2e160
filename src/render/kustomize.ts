import path from "node:path";
import { type SourceObject, groupOf } from "../model/object.ts";
import type { Place } from "../model/place.ts";
import { parseManifests } from "../manifest/parse.ts";
import type { JobAnswer, ToolJob } from "./job.ts";
import { KUSTOMIZATION_FILES, scanKustomization } from "./kustomization.ts";
import { PROGRAM_LIMITS, programProblem } from "./program-run.ts";
import { startOf } from "./problems.ts";
import { scrubbedEnvironment } from "./environment.ts";

/** Builds a folder with `kustomize build`, without any flag that lets it run or fetch something. */
export async function renderKustomize(job: ToolJob): Promise<JobAnswer> {
  const { tree, place, tool, workshop } = job;
  const { problems, resources } = await scanKustomization(place, tree);
  const refused = [...tree.problems(), ...problems];
  const file = kustomizationFile(job);
  if (refused.length > 0) return { objects: [], problems: refused };
  const answer = await job.exec.run(
    {
      file: tool.file,
      args: ["build", tree.locate(place)],
      cwd: workshop.empty,
      env: scrubbedEnvironment(workshop),
      ...PROGRAM_LIMITS,
    },
    job.signal,
  );
  const failed = programProblem({ tool, answer, path: place, file, tree: workshop.tree });
  if (failed !== undefined) return { objects: [], problems: [failed] };
  const parsed = parseManifests(answer.stdout, file);
  const declared = await declarations(resources, job);
  const objects = parsed.objects.map(({ object }) => ({
    object,
    at: placeOf({ object, at: startOf(file) }, declared),
  }));
  return { objects, problems: parsed.problems.map((problem) => ({ ...problem, at: startOf(file) })) };
}

function kustomizationFile({ tree, place }: ToolJob): string {
  const files = new Set(tree.files(place));
  const candidates = KUSTOMIZATION_FILES.map((name) => path.posix.join(place, name));
  return candidates.find((candidate) => files.has(candidate)) ?? place;
}

type Declarations = ReadonlyMap<string, readonly Place[]>;

async function declarations(files: readonly string[], { tree }: ToolJob): Promise<Declarations> {
  const places = new Map<string, readonly Place[]>();
  for (const file of files) {
    const { objects } = parseManifests((await tree.read(file)).toString("utf8"), file);
    for (const source of objects) places.set(keyOf(source), [...(places.get(keyOf(source)) ?? []), source.at]);
  }
  return places;
}

/** The one file that declares an object of this kind and name; where several do, or none, the kustomization stands for all. */
function placeOf(rendered: SourceObject, declared: Declarations): Place {
  const places = declared.get(keyOf(rendered)) ?? [];
  return places.length === 1 && places[0] !== undefined ? places[0] : rendered.at;
}

function keyOf({ object }: SourceObject): string {
  return `${groupOf(object.apiVersion)}/${object.kind}/${object.metadata.name}`;
}
