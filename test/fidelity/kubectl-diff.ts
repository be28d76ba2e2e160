import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubeObject } from "../../src/model/object.ts";
import { FIELD_MANAGER } from "../../src/model/ownership-marks.ts";
import { refKey } from "../../src/model/ref.ts";
import type { Case } from "./case.ts";
import { keepsStatus } from "./mismatch.ts";
import { contentOf, divergences } from "./content.ts";
import { allocatedIn, replay } from "./replay.ts";
import type { Course } from "./story.ts";
import { fileOf, type Stage } from "./stage.ts";

/** What `kubectl diff --server-side` and our plan say of one case, where they do not say the same. */
export interface KubectlFinding {
  readonly one: Case;
  /** Places that kubectl alone sees change and that do change, or a refusal that we do not foresee. */
  readonly kubectlAlone: readonly string[];
  /** Places that kubectl alone sees change, and that do not. */
  readonly kubectlErrs: readonly string[];
  readonly oursAlone: readonly string[];
}

/** What kubectl says of an object before anything is written. */
export type KubectlView = { readonly places: readonly string[] } | { readonly refusal: string };

type Planned = Omit<Course, "report" | "after">;

/** Puts the program into the run's folder that kubectl is to compare with: it keeps both sides instead, and says "different". */
export async function writeKeeper(folder: string): Promise<void> {
  const script = '#!/bin/sh\ncp -r "$1" "$FIDELITY_FOLDER/live"\ncp -r "$2" "$FIDELITY_FOLDER/merged"\nexit 1\n';
  await writeFile(keeperIn(folder), script, { mode: 0o755 });
}

function keeperIn(folder: string): string {
  return join(folder, "keep-both-sides");
}

/** Asks kubectl about the same object, sent in the same form; `undefined` where there is nothing to ask about. */
export async function askKubectl({ one, plan, before }: Planned, stage: Stage): Promise<KubectlView | undefined> {
  const desired = plan.desired.find(({ ref }) => ref.kind === one.recipe.kind && ref.name === one.before.metadata.name);
  if (desired === undefined || before === undefined) return undefined;
  return kubectlDiff(plan.sendings.get(refKey(desired.ref))?.object ?? desired.object, one, stage);
}

/** Lays both views side by side, and beside what has really become of the object. */
export function compareViews(view: KubectlView, course: Course): readonly KubectlFinding[] {
  const { one, before, after } = course;
  const isRefused = course.plan.report.problems.some(({ level }) => level !== "caution");
  // What cannot be changed kubectl refuses to compare; we delete and make anew where the author asks for it.
  const isSeen = isRefused || course.change?.op === "replace";
  if (isSeen || before === undefined || after === undefined) return [];
  if ("refusal" in view) return [{ one, kubectlAlone: [`refuses: ${view.refusal}`], kubectlErrs: [], oursAlone: [] }];
  const keeps = { keepsStatus: keepsStatus(one) };
  const real = divergences(contentOf(before, keeps), contentOf(after, keeps)).map(({ place }) => place);
  const own = ownPlaces(course, before);
  // Of a list whose order changes kubectl's answer names the list; we may name what is inside it.
  const isSeenByUs = (place: string): boolean => own.some((ours) => ours === place || ours.startsWith(`${place}/`));
  const alone = view.places.filter((place) => !isSeenByUs(place));
  const oursAlone = own.filter((place) => !view.places.includes(place));
  if (alone.length + oursAlone.length === 0) return [];
  const isReal = (place: string): boolean => real.some((other) => other.startsWith(place) || place.startsWith(other));
  return [
    {
      one,
      kubectlAlone: alone.filter(isReal),
      kubectlErrs: alone.filter((place) => !isReal(place)),
      oursAlone,
    },
  ];
}

function ownPlaces({ one, change }: Planned, before: KubeObject): readonly string[] {
  const was = contentOf(before, { keepsStatus: keepsStatus(one) });
  const [fields, notes] = change?.op === "update" ? [change.fields, change.notes ?? []] : [[], []];
  // A value that the plan masks is another one: which one does not matter here.
  const shown = fields.map((field) => (isMasked(field.after) ? { ...field, after: "masked" } : field));
  const picked = notes.flatMap(allocatedIn).map((path) => ({ path, after: "picked", from: "server" as const }));
  return divergences(was, replay(was, { fields: [...shown, ...picked] }, was).content).map(({ place }) => place);
}

function isMasked(value: unknown): boolean {
  return typeof value === "object" && value !== null && "masked" in value;
}

async function kubectlDiff(object: KubeObject, one: Case, stage: Stage): Promise<KubectlView> {
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
