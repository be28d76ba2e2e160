import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubeObject } from "../../src/model/object.ts";
import { FIELD_MANAGER } from "../../src/model/ownership-marks.ts";
import { refKey } from "../../src/model/ref.ts";
import type { Case } from "./case.ts";
import { keepsStatus } from "./comparison.ts";
import { contentOf, divergences } from "./content.ts";
import { replay } from "./replay.ts";
import type { Course } from "./story.ts";
import { fileOf, type Stage } from "./stage.ts";

/** What `kubectl diff --server-side` and our plan say of one case, where they do not say the same. */
export interface KubectlFinding {
  readonly one: Case;
  /** Places that kubectl alone sees change, or its refusal that we do not foresee. */
  readonly kubectlAlone: readonly string[];
  readonly oursAlone: readonly string[];
}

type Planned = Omit<Course, "report" | "after">;

/** Puts the program into the run's folder that kubectl is to compare with: it keeps both sides instead, and says "different". */
export async function writeKeeper(folder: string): Promise<void> {
  const script = '#!/bin/sh\ncp -r "$1" "$FIDELITY_FOLDER/live"\ncp -r "$2" "$FIDELITY_FOLDER/merged"\nexit 1\n';
  await writeFile(keeperIn(folder), script, { mode: 0o755 });
}

function keeperIn(folder: string): string {
  return join(folder, "keep-both-sides");
}

/** Asks kubectl about the same object, sent in the same form, before anything is written. */
export async function diffWithKubectl(course: Planned, stage: Stage): Promise<readonly KubectlFinding[]> {
  const { one, plan, before } = course;
  const desired = plan.desired.find(({ ref }) => ref.kind === one.recipe.kind && ref.name === one.before.metadata.name);
  if (desired === undefined || before === undefined) return [];
  const isRefused = plan.report.problems.some(({ level }) => level !== "caution");
  const sent = plan.sendings.get(refKey(desired.ref))?.object ?? desired.object;
  const seen = await kubectlDiff(sent, one, stage);
  // What cannot be changed kubectl refuses to compare; we delete and make anew where the author asks for it.
  const isSeen = isRefused || course.change?.op === "replace";
  if ("refusal" in seen) return isSeen ? [] : [{ one, kubectlAlone: [`refuses: ${seen.refusal}`], oursAlone: [] }];
  if (isSeen) return [];
  const own = ownPlaces(course, before);
  const kubectlAlone = seen.places.filter((place) => !own.includes(place));
  const oursAlone = own.filter((place) => !seen.places.includes(place));
  return kubectlAlone.length + oursAlone.length === 0 ? [] : [{ one, kubectlAlone, oursAlone }];
}

function ownPlaces({ one, change }: Planned, before: KubeObject): readonly string[] {
  const was = contentOf(before, { keepsStatus: keepsStatus(one) });
  const fields = change?.op === "update" ? change.fields : [];
  // A value that the plan masks is another one: which one does not matter here.
  const shown = fields.map((field) => (isMasked(field.after) ? { ...field, after: "masked" } : field));
  return divergences(was, replay(was, shown, was).content).map(({ place }) => place);
}

function isMasked(value: unknown): boolean {
  return typeof value === "object" && value !== null && "masked" in value;
}

type Seen = { readonly places: readonly string[] } | { readonly refusal: string };

async function kubectlDiff(object: KubeObject, one: Case, stage: Stage): Promise<Seen> {
  const folder = join(stage.folder, one.id.replaceAll("/", "-"));
  await mkdir(folder);
  const args = ["diff", "--server-side", "--force-conflicts", `--field-manager=${FIELD_MANAGER}`, "-f", "-"];
  const env = { KUBECTL_EXTERNAL_DIFF: keeperIn(stage.folder), FIDELITY_FOLDER: folder };
  const { code, errors } = await stage.kubectl(args, { input: fileOf([object]), env });
  const [live, merged] = await Promise.all([readSide(folder, "live"), readSide(folder, "merged")]);
  await rm(folder, { recursive: true });
  if (code > 1) return { refusal: errors.trim() };
  if (live === undefined || merged === undefined) return { places: [] };
  const keeps = { keepsStatus: keepsStatus(one) };
  return { places: divergences(contentOf(live, keeps), contentOf(merged, keeps)).map(({ place }) => place) };
}

async function readSide(folder: string, side: "live" | "merged"): Promise<KubeObject | undefined> {
  const files = await readdir(join(folder, side)).catch(() => []);
  const [file] = files;
  return file === undefined
    ? undefined
    : (parse(await readFile(join(folder, side, file), "utf8"), { intAsBigInt: false }) as KubeObject);
}
