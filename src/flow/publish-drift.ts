import type { Marker, PostedIssue } from "../model/github.ts";
import type { AppliedRevision } from "../model/inventory.ts";
import type { TargetReport } from "../model/plan.ts";
import { formatTarget, type Target } from "../model/target.ts";
import { checkName, checkText } from "../report/check-text.ts";
import { closedDriftIssue, driftIssue, type IssueDraft } from "../report/drift-issue.ts";
import type { MaskedReport } from "../report/masked-report.ts";
import type { Sightings } from "../rollout/patience.ts";
import type { DriftRun } from "./drift.ts";
import { cosmetic, safeCheck, type Publishing } from "./publish-plan.ts";
import { formatSightings, parseSightings } from "./sightings.ts";

const LABEL = "drift";

/**
 * Tells what a drift run found: the target's check on the commit that was applied, and one issue per target, which is
 * closed by the first complete run that finds nothing that counts, and never by an unknown. Returns the first issue's address.
 */
export async function publishDrift(
  run: DriftRun,
  publishing: Publishing,
  signal: AbortSignal,
): Promise<string | undefined> {
  const masked = publishing.guard.report(run.report);
  let url: string | undefined;
  for (const target of masked.targets) {
    await publishCheck(run, masked, target, publishing, signal);
    const issue = await cosmetic(publishing.log, () => publishIssue(masked, target, publishing, signal));
    url ??= issue?.url;
  }
  return url;
}

async function publishCheck(
  { judgements }: DriftRun,
  report: MaskedReport,
  target: TargetReport,
  publishing: Publishing,
  signal: AbortSignal,
): Promise<void> {
  const { forge, guard, log } = publishing;
  const applied = target.appliedRevision;
  if (applied === undefined) return;
  const draft = checkText(report, target.target);
  // A run that could not judge has seen nothing; what the runs before it have seen still counts.
  const judged = judgements.get(formatTarget(target.target))?.sightings;
  const sightings = judged ?? (await readSightings(target.target, applied, publishing, signal));
  const check = safeCheck({ ...draft, text: `${draft.text}\n${formatSightings(sightings)}` }, guard);
  await cosmetic(log, () => forge.checks.publish(applied.commit, checkName(report, target.target), check, signal));
}

/** What earlier runs have seen of a target at its applied revision. Where the check cannot be read, nothing. */
export async function readSightings(
  target: Target,
  applied: AppliedRevision,
  { forge, log }: Pick<Publishing, "forge" | "log">,
  signal: AbortSignal,
): Promise<Sightings> {
  const check = await cosmetic(log, () =>
    forge.checks.find(applied.commit, checkName({ command: "drift" }, target), signal),
  );
  return check === undefined ? {} : parseSightings(check.text);
}

async function publishIssue(
  report: MaskedReport,
  target: TargetReport,
  { forge, guard }: Publishing,
  signal: AbortSignal,
): Promise<PostedIssue | undefined> {
  const marker: Marker = { kind: "drift", key: formatTarget(target.target) };
  const safe = ({ title, body }: IssueDraft): Parameters<typeof forge.issues.open>[1] => ({
    title: guard.plain(title),
    body: guard.markdown(body),
    labels: [LABEL],
  });
  if (target.result === "drifted") {
    const before = await forge.issues.find(marker, signal);
    const text = safe(driftIssue(report, target.target, before?.body));
    if (before === undefined) return forge.issues.open(marker, text, signal);
    return forge.issues.update(before.number, marker, text, "open", signal);
  }
  if (target.result !== "in-sync" && target.result !== "pending") return undefined;
  const open = await forge.issues.find(marker, signal);
  if (open === undefined || open.state === "closed" || target.appliedRevision === undefined) return undefined;
  return forge.issues.update(
    open.number,
    marker,
    safe(closedDriftIssue(report, target.target, open.body)),
    "closed",
    signal,
  );
}
