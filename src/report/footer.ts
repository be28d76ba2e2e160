import { compareText } from "../model/ref.ts";
import { count } from "./count.ts";
import { code, inline } from "./markdown.ts";
import type { MaskedReport } from "./masked-report.ts";
import { durationText, momentText } from "./moment.ts";
import { shortSha } from "./short-sha.ts";

/** From what and when a text was made: the only part of it that differs between identical runs. */
export function footer(report: MaskedReport): string {
  const { base, head, targets, requests, milliseconds, time } = report;
  const commits = [base, head].flatMap((sha) => (sha === undefined ? [] : [code(shortSha(sha))]));
  const objects = targets.reduce((sum, target) => sum + target.objects, 0);
  const parts = [
    ...(commits.length === 0 ? [] : [commits.join(" → ")]),
    `live state of ${momentText(time)}`,
    ...uniqueTexts(targets.map(({ renderer }) => renderer)),
    ...uniqueTexts(targets.map(({ cluster }) => cluster && `server ${cluster.version}`)),
    count(objects, "object"),
    count(requests, "request"),
    durationText(milliseconds),
    ...runLink(report.link),
  ];
  return `<sub>${parts.join(" · ")}</sub>`;
}

/** A link to the workflow run, where there is one and it is an address on the web. */
export function runLink(link: string | undefined): readonly string[] {
  if (link === undefined || !/^https?:\/\/[\w.:/-]+$/.test(link)) return [];
  return [`<a href="${link}">run</a>`];
}

function uniqueTexts(texts: readonly (string | undefined)[]): readonly string[] {
  const unique = new Set(texts.filter((text) => text !== undefined));
  return [...unique].toSorted(compareText).map(inline);
}
