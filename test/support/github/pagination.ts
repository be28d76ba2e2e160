import { type Answer, ok } from "./answer.ts";
import type { Call } from "./call.ts";

const DEFAULT_SIZE = 30;
const MAX_SIZE = 100;

export interface Page<T> {
  readonly items: readonly T[];
  /** `link`, when there is more than one page. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The page that a request asks for: 30 items unless said, 100 at most. */
export function pageOf<T>(call: Call, all: readonly T[]): Page<T> {
  const asked = Number(call.query["per_page"] ?? DEFAULT_SIZE);
  const size = Math.min(asked > 0 ? asked : DEFAULT_SIZE, MAX_SIZE);
  const page = Math.max(1, Number(call.query["page"] ?? 1));
  const items = all.slice((page - 1) * size, page * size);
  return { items, headers: linkHeader(call.url, page, Math.max(1, Math.ceil(all.length / size))) };
}

/** A page of a list that is the whole answer. */
export async function pageAnswer<T>(call: Call, all: readonly T[], toJson: (item: T) => unknown): Promise<Answer> {
  const { items, headers } = pageOf(call, all);
  return ok(await Promise.all(items.map(toJson)), headers);
}

function linkHeader(url: URL, page: number, last: number): Readonly<Record<string, string>> {
  const links = [
    ...(page > 1 ? [link(url, Math.min(page - 1, last), "prev")] : []),
    ...(page < last ? [link(url, page + 1, "next"), link(url, last, "last")] : []),
    ...(page > 1 ? [link(url, 1, "first")] : []),
  ];
  return links.length === 0 ? {} : { link: links.join(", ") };
}

function link(url: URL, page: number, relation: string): string {
  const target = new URL(url);
  target.searchParams.set("page", String(page));
  return `<${target.href}>; rel="${relation}"`;
}
