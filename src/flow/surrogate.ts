import { messageBeside } from "../model/problem.ts";
import { formatRef } from "../model/ref.ts";
import { isDeniedByAdmission, isDryRunUnsupported, type Refusal } from "../model/refusal.ts";
import type { Cluster } from "../ports.ts";
import { problemOfRefusal } from "../diff/refused.ts";
import type { Desired } from "./desired.ts";
import { mayReadName } from "./name-reader.ts";
import type { Prediction } from "./prediction.ts";
import { inItsName, standInFor, type StandIn } from "./stand-in.ts";

/** The namespace that is there on every cluster. */
const SURROGATE_NAMESPACE = "default";

/**
 * Predicts an object whose namespace comes with the same change, by a dry-run of it under another name in a namespace that
 * is there. What is wrong with it anywhere is refused in its own name; what only that place, or that name, does not allow
 * says nothing of the object. Never certain: quotas, Pod Security and policies of the coming namespace are not asked.
 */
export async function predictInSurrogate(desired: Desired, cluster: Cluster, signal: AbortSignal): Promise<Prediction> {
  const { address, object, ref } = desired;
  const comes = `its namespace ${ref.namespace ?? ""} comes with this change`;
  if (address?.namespace === undefined) return { kind: "unpredicted", because: comes, problems: [] };
  const standIn = standInFor(desired, address, SURROGATE_NAMESPACE);
  const answer = await cluster.apply(standIn.address, standIn.object, { dryRun: true }, signal);
  if (answer.kind === "accepted") {
    const because = `${comes}; dry-run in ${SURROGATE_NAMESPACE}, so its quotas, Pod Security level and policies were not asked`;
    return { kind: "predicted", object, warnings: answer.warnings, certainty: "surrogate", because };
  }
  const refusal = inItsName(answer.refusal, standIn);
  if (!isOfPlace(refusal) && !(await isOfName(refusal, desired, cluster, signal))) return { kind: "refused", refusal };
  return { kind: "unpredicted", because: `${comes}; ${objection(refusal, standIn)}`, problems: [] };
}

/**
 * Predicts an object that is deleted and made anew, by a dry-run of it under another name in its own namespace. A refusal
 * counts, unless it is about what the object that is there still holds: nothing may be deleted that could not be made again.
 */
export async function predictReplacement(desired: Desired, cluster: Cluster, signal: AbortSignal): Promise<Prediction> {
  const { address, object, ref } = desired;
  const anew = "it is deleted and made anew";
  if (address === undefined) return { kind: "unpredicted", because: anew, problems: [] };
  const standIn = standInFor(desired, address, ref.namespace);
  const answer = await cluster.apply(standIn.address, standIn.object, { dryRun: true }, signal);
  const predicted = { kind: "predicted", object, replaces: true } as const;
  if (answer.kind === "accepted") {
    const because = `${anew}; dry-run under another name`;
    const { name, namespace } = object.metadata;
    const metadata = { ...answer.object.metadata, name, ...(namespace !== undefined && { namespace }) };
    const made = { ...answer.object, metadata };
    return { ...predicted, object: made, warnings: answer.warnings, certainty: "surrogate", because };
  }
  const refusal = inItsName(answer.refusal, standIn);
  if (!isOfTheOld(refusal)) return { kind: "refused", refusal };
  return { ...predicted, warnings: [], certainty: "offline", because: `${anew}; ${objection(refusal, standIn)}` };
}

/** Rights, quotas, limits, Pod Security, roles, accounts, policies and webhooks differ from namespace to namespace. */
function isOfPlace(refusal: Refusal): boolean {
  const { httpStatus, message } = refusal;
  if (httpStatus === 403 || httpStatus === 404) return true;
  return isDeniedByAdmission(refusal) || isDryRunUnsupported(refusal) || message.includes("failed calling webhook");
}

/** The object may be refused for the name of its stand-in. No built-in kind asks for a certain name; rules of custom kinds may. */
async function isOfName(
  { httpStatus }: Refusal,
  { object, address }: Desired,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<boolean> {
  return httpStatus === 422 && address !== undefined && (await mayReadName(object, address.kind, cluster, signal));
}

/** Addresses, ports and quota that the live object holds are free again once it is deleted. */
function isOfTheOld({ httpStatus, message, causes }: Refusal): boolean {
  if (httpStatus === 403) return / is forbidden: exceeded quota: /.test(message);
  return httpStatus === 422 && causes.length > 0 && causes.every((cause) => /already allocated/.test(cause.message));
}

/** What the server had against the stand-in; it may not hold for the object itself. */
function objection(refusal: Refusal, { address, ref, object }: StandIn): string {
  const problem = problemOfRefusal(refusal, ref, undefined, { sent: object });
  const where = address.namespace === undefined ? "" : ` in namespace ${address.namespace}`;
  return `a stand-in${where} was refused: ${messageBeside(problem, [formatRef(ref)])}`;
}
