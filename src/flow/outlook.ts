import { isBuiltInGroup } from "../model/built-in.ts";
import type { Address, KubeKind } from "../model/kind.ts";
import type { KubeObject, ManagedFields } from "../model/object.ts";
import type { Path } from "../model/path.ts";
import type { Place } from "../model/place.ts";
import { isManagedByUs } from "../model/ownership-marks.ts";
import { isDryRunUnsupported, isMissingNamespace, type Refusal } from "../model/refusal.ts";
import type { ApplyAnswer, Cluster } from "../ports.ts";
import { sameJson } from "../model/json.ts";
import { refKey } from "../model/ref.ts";
import type { Autoscaled } from "../diff/autoscaler.ts";
import type { Ignoring } from "../diff/ignore.ts";
import { absorbed } from "../diff/absorbed.ts";
import { mergePrediction } from "../diff/merge.ts";
import { predictionPatch } from "../diff/migration.ts";
import { dependsOnSchema, vanishing } from "../diff/vanishing.ts";
import { proveInSync } from "../diff/prover.ts";
import { problemOfRefusal } from "../diff/refused.ts";
import { replaceableBy } from "../diff/replaceable.ts";
import { checkStoredSize } from "../manifest/object-size.ts";
import { isAwaited } from "../preflight/references.ts";
import { defines, readDefinition } from "../schema/definition.ts";
import { toProblems } from "../schema/problems.ts";
import { violations } from "../schema/violations.ts";
import type { ComingObjects } from "./coming.ts";
import { byComingSchema } from "./coming-schema.ts";
import { contradiction, isSampled } from "./shadow.ts";
import type { Desired } from "./desired.ts";
import type { Predicted, Prediction, Unpredicted } from "./prediction.ts";
import { toSending, type Sending } from "./sending.ts";
import { predictInSurrogate, predictReplacement } from "./surrogate.ts";

/** What will become of one object, and what is sent for it. */
export interface Outlook {
  readonly prediction: Prediction;
  readonly sending: Sending;
  /** The live object that the prediction was made for. */
  readonly live: KubeObject | undefined;
  /** It is another one than the list had. */
  readonly changed: boolean;
}

export interface OutlookRules {
  readonly cluster: Cluster;
  /** What else comes with this change. */
  readonly coming: ComingObjects;
  /** What an earlier run learned of this kind still holds, so a live object may prove itself. */
  readonly mayProve: (kind: KubeKind) => boolean;
  /** The apiVersions in which a kind is served. */
  readonly versionsOf: (kind: KubeKind) => readonly string[];
  /** Per cent of proven objects that are dry-run all the same. */
  readonly shadow: number;
  /** Why no dry-run may be asked of an object; `undefined`: it may. */
  readonly readOnly: (kind: KubeKind, namespace: string | undefined) => Promise<string | undefined>;
  /** What of an object is left to others, by ref key. */
  readonly ignoring: ReadonlyMap<string, Ignoring>;
  /** Fields that an autoscaler looks after; asks the cluster at the first call. */
  readonly autoscaled: (desired: Desired) => Promise<readonly Autoscaled[]>;
  /** Live objects that are not ours yet are taken over, with the fields that other tools left in them. */
  readonly adopt: boolean;
}

// Controllers write status between a list and a dry-run. What changes three times in a row is told as it was last seen.
const MOST_LOOKS = 3;

/** Predicts one object: by proof, else by dry-run, else as far as can be said without. Looks again when the object changes meanwhile. */
export async function predictOne(
  desired: Desired,
  listed: KubeObject | undefined,
  rules: OutlookRules,
  signal: AbortSignal,
): Promise<Outlook> {
  let live = listed;
  for (let looks = 1; ; looks += 1) {
    const look = { desired, live, isLast: looks === MOST_LOOKS };
    const seen = await lookOnce(look, rules, signal);
    if (seen !== "changed") return { ...seen, live, changed: live !== listed };
    live = desired.address && (await rules.cluster.read(desired.address, signal));
  }
}

interface Look {
  readonly desired: Desired;
  readonly live: KubeObject | undefined;
  /** Whatever is seen now has to do. */
  readonly isLast: boolean;
}

type Seen = Pick<Outlook, "prediction" | "sending">;

async function lookOnce(look: Look, rules: OutlookRules, signal: AbortSignal): Promise<Seen | "changed"> {
  const { desired, live } = look;
  const { address } = desired;
  const ignoring = rules.ignoring.get(refKey(desired.ref));
  const paths = ignoring?.kind === "paths" ? ignoring.paths : [];
  const absorbs = live === undefined || ignoring?.othersStay !== undefined ? [] : absorbedBy(rules, live);
  const sending = toSending(desired.object, live, { paths, absorbs });
  if (address === undefined) return { prediction: awaitingKind(desired, rules.coming), sending };
  const proven = proof(sending, live, address.kind, rules);
  if (proven !== undefined) return { prediction: await shadowed(proven, look, sending, rules, signal), sending };
  const scaled = live === undefined ? [] : await rules.autoscaled(desired);
  if (scaled.length === 0) return ask({ ...look, sending, address }, rules, signal);
  const [own, foreign] = [pathsOf(scaled, "field"), pathsOf(scaled, "foreign")];
  const held = toSending(desired.object, live, { paths: [...paths, ...own], foreign, absorbs });
  const provenHeld = proof(held, live, address.kind, rules);
  if (provenHeld !== undefined)
    return { prediction: await shadowed(provenHeld, look, held, rules, signal), sending: held };
  return ask({ ...look, sending: held, address }, rules, signal);
}

function pathsOf(fields: readonly Autoscaled[], wanted: Autoscaled["extent"]): readonly Path[] {
  return fields.filter(({ extent }) => extent === wanted).map(({ path }) => path);
}

/** Entries of other tools whose fields become ours when the object is written. A Namespace is merely joined, and keeps them. */
function absorbedBy({ adopt }: OutlookRules, live: KubeObject): readonly ManagedFields[] {
  if (!adopt && live.apiVersion === "v1" && live.kind === "Namespace") return [];
  return absorbed(live, { adopting: adopt && !isManagedByUs(live) });
}

function proof(
  { object, absorbs }: Sending,
  live: KubeObject | undefined,
  kind: KubeKind,
  { mayProve, versionsOf }: OutlookRules,
): Predicted | undefined {
  if (
    live === undefined ||
    absorbs.length > 0 ||
    !mayProve(kind) ||
    !proveInSync(object, live, { apiVersions: versionsOf(kind) }).proven
  )
    return undefined;
  return { kind: "predicted", object: live, warnings: [], certainty: "server", proven: true };
}

/** A share of what was proven is asked all the same; the server is right whenever the two differ. */
async function shadowed(
  proven: Predicted,
  look: Look,
  sending: Sending,
  rules: OutlookRules,
  signal: AbortSignal,
): Promise<Prediction> {
  const { desired, live } = look;
  if (desired.address === undefined || live === undefined || !isSampled(desired.ref, rules.shadow)) return proven;
  const seen = await ask({ ...look, sending, address: desired.address }, rules, signal);
  if (seen === "changed") return proven;
  const problem = contradiction(desired, live, seen.prediction);
  if (problem === undefined) return proven;
  return seen.prediction.kind === "predicted" ? { ...seen.prediction, problems: [problem] } : seen.prediction;
}

interface Question extends Look {
  readonly sending: Sending;
  readonly address: Address;
}

async function ask(question: Question, rules: OutlookRules, signal: AbortSignal): Promise<Seen | "changed"> {
  const { desired, live, sending, address } = question;
  const because = await rules.readOnly(address.kind, desired.ref.namespace);
  if (because !== undefined) return { prediction: merged(sending, live, because), sending };
  const answer = await rules.cluster.apply(address, sending.object, { dryRun: true }, signal);
  if (answer.kind === "refused")
    return { prediction: await afterRefusal(question, answer.refusal, rules, signal), sending };
  if (isOfAnother(live, answer) && !question.isLast) return "changed";
  const { at } = desired;
  if (live === undefined || sending.absorbs.length === 0) return { prediction: predicted(answer, at, live), sending };
  const without = vanishing(answer.object, live, sending.absorbs);
  const moved = await rules.cluster.patch(address, predictionPatch(live, without), { dryRun: true }, signal);
  if (moved.kind === "refused")
    return moved.refusal.httpStatus === 409 && !question.isLast ? "changed" : { prediction: moved, sending };
  const prediction = predicted({ ...moved, warnings: answer.warnings }, at);
  const isDoubtful = !isBuiltInGroup(address.kind.group) && dependsOnSchema(answer.object, live, sending.absorbs);
  return {
    prediction: isDoubtful ? { ...prediction, certainty: "offline", because: DOUBTFUL_MOVE } : prediction,
    sending: { ...sending, expected: moved.object },
  };
}

const DOUBTFUL_MOVE =
  "fields of another tool become ours, and what stays of those that somebody else shares depends on the kind's schema";

type Accepted = Extract<ApplyAnswer, { readonly kind: "accepted" }>;

/** The answer speaks of another state of the object than the one that was looked at. */
function isOfAnother(live: KubeObject | undefined, { created, object }: Accepted): boolean {
  if (live === undefined) return !created;
  return created || object.metadata.resourceVersion !== live.metadata.resourceVersion;
}

/** What stays as it is, is the live object itself. The store has a limit that a dry-run does not meet. */
function predicted({ object, warnings }: Omit<Accepted, "created">, at: Place, live?: KubeObject): Predicted {
  const after = live !== undefined && sameJson(object, live) ? live : object;
  return { kind: "predicted", object: after, warnings, certainty: "server", problems: checkStoredSize(object, at) };
}

async function afterRefusal(
  { desired, live, sending, address }: Question,
  refusal: Refusal,
  { cluster, coming }: OutlookRules,
  signal: AbortSignal,
): Promise<Prediction> {
  const { namespace } = desired.ref;
  if (namespace !== undefined && isMissingNamespace(refusal) && coming.namespaces.has(namespace))
    return predictInSurrogate(desired, cluster, signal);
  const awaited = isAwaited(refusal, desired.object, coming.refs);
  if (awaited !== undefined) return { kind: "unpredicted", because: awaited, problems: [] };
  if (isDryRunUnsupported(refusal)) {
    const known = { sent: sending.object, ...(live && { live }) };
    const problem = { ...problemOfRefusal(refusal, desired.ref, desired.at, known), level: "caution" as const };
    return { ...merged(sending, live, CANNOT_DRY_RUN), problems: [problem] };
  }
  const anew = await byComingSchema(refusal, desired, { cluster, coming }, signal);
  if (anew !== undefined) return anew;
  const replacement = live && replaceableBy(refusal, desired.object, live);
  if (replacement?.kind !== "replaceable") return { kind: "refused", refusal };
  return predictReplacement({ ...desired, address }, cluster, signal);
}

/** Why nobody knows what a write or a deletion would do. */
export const CANNOT_DRY_RUN = "an admission webhook does not support dry-runs";

/** As far as the live object and Git tell; what only the server knows is missing. */
function merged({ object, absorbs }: Sending, live: KubeObject | undefined, because: string): Predicted {
  const merge = live === undefined ? { object } : mergePrediction(object, live, absorbs);
  return { kind: "predicted", object: merge.object, warnings: [], certainty: "offline", because };
}

function awaitingKind({ object, ref, at }: Desired, { definitions }: ComingObjects): Unpredicted {
  const found = definitions.flatMap((one) => readDefinition(one) ?? []).find((one) => defines(one, object));
  const problems = found === undefined ? [] : toProblems(ref, at, violations(object, found));
  return { kind: "unpredicted", because: "its kind comes with this change", problems };
}
