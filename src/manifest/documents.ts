import { AliasBudget, type Composition } from "./composition.ts";
import { Fault } from "./fault.ts";
import { type JsonComposition, readJson } from "./json-document.ts";
import { LIMITS } from "./limits.ts";
import { type Chunk, splitDocuments } from "./split.ts";
import { readUsual } from "./usual-document.ts";
import { readYaml } from "./yaml-document.ts";

/** What stands in a file, document by document; all offsets are those of the file. */
export interface Documents {
  readonly documents: readonly Composition[];
  readonly faults: readonly Fault[];
  /** Where text follows the end mark `...` of a document. */
  readonly unread: readonly number[];
}

/** Reads a stream of YAML documents or JSON values, whichever it is. A document that cannot be read does not hide the others. */
export function readDocuments(text: string): Documents {
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  if (!/^\s*\{/.test(text.slice(start, start + JSON_GUESS))) return readYamlStream(text, start);
  const json = readJsonStream(text, start);
  const { stopped, values } = json;
  if (stopped === undefined) return json;
  // As kubectl: what starts as JSON may still be YAML, until two JSON values have been read.
  if (values > 1) return { ...json, faults: [...json.faults, stopped] };
  const yaml = readYamlStream(text, values === 0 ? start : skipLineSpace(text, json.end));
  // Neither reading works: the one that came further says best what is wrong.
  const [first = stopped] = yaml.faults;
  const closer = values + yaml.documents.length === 0 && stopped.offset >= first.offset ? [stopped] : yaml.faults;
  return { ...yaml, documents: [...json.documents, ...yaml.documents], faults: [...json.faults, ...closer] };
}

/** kubectl looks at as many bytes to tell JSON from YAML. */
const JSON_GUESS = 4096;

interface JsonStream extends Documents {
  /** Values that are JSON, usable or not. */
  readonly values: number;
  readonly end: number;
  /** Why what follows `end` is no JSON. */
  readonly stopped?: Fault;
}

function readJsonStream(text: string, start: number): JsonStream {
  const read: JsonComposition[] = [];
  let end = skipSpace(text, start);
  let stopped: Fault | undefined;
  while (end < text.length && stopped === undefined) {
    const next = read.length < LIMITS.documents ? attempt(() => readJson(text, end)) : tooMany(end);
    if (next instanceof Fault) {
      stopped = next;
    } else {
      read.push(next);
      end = skipSpace(text, next.end);
    }
  }
  const documents = read.filter(({ unusable }) => unusable === undefined);
  const faults = read.flatMap(({ unusable }) => unusable ?? []);
  const stream = { documents, faults, unread: [], values: read.length, end };
  return stopped === undefined ? stream : { ...stream, stopped };
}

function attempt<T>(read: () => T): T | Fault {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

function readYamlStream(text: string, start: number): Documents {
  const { chunks, badSeparators } = splitDocuments(text, start);
  if (chunks.length > LIMITS.documents) return { documents: [], faults: [tooMany(start)], unread: [] };
  const budget = new AliasBudget();
  const documents: Composition[] = [];
  const faults = badSeparators.map(badSeparator);
  for (const chunk of chunks) {
    const read = readChunk(chunk, budget);
    if (read instanceof Fault) faults.push(read);
    else documents.push(read);
  }
  return { documents, faults, unread: chunks.flatMap(({ unread }) => unread ?? []) };
}

function readChunk(chunk: Chunk, budget: AliasBudget): Composition | Fault {
  const read = attempt(() => {
    checkCharacters(chunk.text);
    return readUsual(chunk) ?? readYaml(chunk, budget);
  });
  return read instanceof Fault ? new Fault(chunk.offset + read.offset, read.message, read.remedy) : read;
}

// U+0085, U+2028 and U+2029 end a line, and a comment, for kubectl, but not for most people who review it.
// oxlint-disable-next-line no-control-regex -- finding them is the purpose
const UNREADABLE = /[\0-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\uFFFE\uFFFF]/;

function checkCharacters(text: string): void {
  const found = text.search(UNREADABLE);
  if (found >= 0) {
    const code = text.charCodeAt(found).toString(16).toUpperCase().padStart(4, "0");
    throw new Fault(found, `holds the character U+${code}`, "remove it, or write it as an escape in double quotes");
  }
  if (!text.isWellFormed()) {
    throw new Fault(text.search(/\p{Cs}/u), "holds half of a surrogate pair", "write the whole character");
  }
}

function badSeparator(offset: number): Fault {
  return new Fault(offset, "text follows a '---' on its line", "start the document on the next line");
}

function tooMany(offset: number): Fault {
  return new Fault(offset, `more than ${LIMITS.documents} documents`, "split the file");
}

function skipSpace(text: string, from: number): number {
  return endOf(/[ \t\r\n]*/y, text, from);
}

/** White space up to the end of the line, or to what stands on it. */
function skipLineSpace(text: string, from: number): number {
  return endOf(/[^\S\n]*\n?/y, text, from);
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.exec(text);
  return pattern.lastIndex;
}
