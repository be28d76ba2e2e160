import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { parseJson, type Json, type JsonMap } from "../model/json.ts";
import type { Refusal, RefusalCause } from "../model/refusal.ts";
import type { WireAnswer } from "./channel.ts";
import { mapAt, mapsAt, textAt } from "./members.ts";
import { parseWarning } from "./warning.ts";

/** A complete answer of the API server. */
export interface Answer {
  readonly status: number;
  /** The body when it is JSON. */
  readonly json: Json | undefined;
  /** The body when it is not: `404 page not found`. */
  readonly text: string;
  readonly warnings: readonly string[];
  readonly retryAfterSeconds?: number;
}

/** `undefined`: the body breaks off or is not what its headers say. */
export async function readAnswer(wire: WireAnswer, maxBytes: number): Promise<Answer | undefined> {
  const text = await decode(wire, maxBytes);
  if (text === undefined) return undefined;
  const json = isJson(wire) ? parse(text) : undefined;
  if (isJson(wire) && json === undefined) return undefined;
  const retryAfter = Number.parseInt(header(wire, "retry-after") ?? "", 10);
  return {
    status: wire.status,
    json,
    text: json === undefined ? text : "",
    warnings: headers(wire, "warning").map(parseWarning),
    ...(Number.isNaN(retryAfter) ? {} : { retryAfterSeconds: retryAfter }),
  };
}

/** The server did what it was asked. */
export function isSuccess(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** An answer outside 2xx in our words, every part the server gave kept. */
export function refusalOf(answer: Answer): Refusal {
  const details = mapAt(answer.json, "details");
  return {
    httpStatus: answer.status,
    reason: textAt(answer.json, "reason") ?? "",
    message: textAt(answer.json, "message") ?? answer.text.trim(),
    causes: causesOf(details),
    ...part("kind", textAt(details, "kind")),
    ...part("name", textAt(details, "name")),
  };
}

/** The object of this name, or its namespace, is not there. A kind that is not served answers 404 as well, without details. */
export function isAbsence(answer: Answer, name: string): boolean {
  if (answer.status !== 404) return false;
  const refusal = refusalOf(answer);
  return refusal.reason === "NotFound" && (refusal.name === name || refusal.kind === "namespaces");
}

const inflate = promisify(gunzip);

async function decode(wire: WireAnswer, maxBytes: number): Promise<string | undefined> {
  if (header(wire, "content-encoding") !== "gzip") return wire.body.toString("utf8");
  try {
    return (await inflate(wire.body, { maxOutputLength: maxBytes })).toString("utf8");
  } catch {
    return undefined;
  }
}

function isJson(wire: WireAnswer): boolean {
  return /^application\/([\w.-]+\+)?json\b/.test(header(wire, "content-type") ?? "");
}

function parse(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function header(wire: WireAnswer, name: string): string | undefined {
  return headers(wire, name)[0];
}

function headers(wire: WireAnswer, name: string): readonly string[] {
  return wire.rawHeaders.filter((_, index, raw) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name);
}

function causesOf(details: JsonMap): readonly RefusalCause[] {
  return mapsAt(details, "causes").map((cause) => ({
    reason: textAt(cause, "reason") ?? "",
    message: textAt(cause, "message") ?? "",
    field: textAt(cause, "field") ?? "",
  }));
}

function part<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: string });
}
