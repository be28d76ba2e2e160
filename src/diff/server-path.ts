import { isList, isMap, parseJson, sameJson, type Json, type JsonList } from "../model/json.ts";
import { formatPath, stepInto, type Path, type Scalar, type Step } from "../model/path.ts";

/**
 * A place as the API server writes it, in our form. Its own forms are ambiguous (`metadata.labels.a.b/c`), so it is followed
 * through the object that was sent: there `spec.template.spec.containers[0]` also has a name.
 */
export function serverPath(text: string, sent?: Json, live?: Json): Path {
  const path: Step[] = [];
  let [rest, inSent, inLive] = [text.replace(/^\./, ""), sent, live];
  while (rest !== "") {
    const { step, length } = rest.startsWith("[") ? bracket(rest, inSent, inLive) : key(rest, inSent ?? inLive);
    path.push(step);
    [inSent, inLive] = [inSent, inLive].map((value) => stepInto(value, step));
    rest = rest.slice(length).replace(/^\./, "");
  }
  return path;
}

/** The same as text; a place that stands for the whole object is the empty text. */
export function serverPathText(text: string, sent?: Json, live?: Json): string {
  return text === "<nil>" || text === "[]" ? "" : formatPath(serverPath(text, sent, live));
}

interface Token {
  readonly step: Step;
  readonly length: number;
}

/** A map's key: the longest one of this map that the text may mean, for keys may hold dots. */
function key(text: string, value: Json | undefined): Token {
  const known = isMap(value) ? Object.keys(value).filter((name) => name !== "" && endsAt(text, name)) : [];
  const longest = known.toSorted((a, b) => b.length - a.length)[0];
  const step = longest ?? (/^[^.[]+/.exec(text)?.[0] || text);
  return { step, length: step.length };
}

function endsAt(text: string, name: string): boolean {
  return text.startsWith(name) && /^(?:$|[.[])/.test(text.slice(name.length));
}

const BRACKET = /^\[((?:[^"\]]|"(?:[^"\\]|\\.)*")*)\]/;
const KEYS = /([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g;

function bracket(text: string, sent: Json | undefined, live: Json | undefined): Token {
  const [all = text, inner = text.slice(1)] = BRACKET.exec(text) ?? [];
  return { step: stepOf(inner, sent, live), length: all.length };
}

function stepOf(inner: string, sent: Json | undefined, live: Json | undefined): Step {
  const value = sent ?? live;
  if (inner.startsWith("=")) return memberStep(inner.slice(1), value);
  const keys = [...inner.matchAll(KEYS)].map(([, name = "", written = ""]) => [name, scalar(written)] as const);
  if (keys.length > 0 && !isMap(value)) return { item: Object.fromEntries(keys) };
  if (!/^\d+$/.test(inner) || isMap(value)) return String(scalar(inner));
  return itemStep(Number(inner), sent, live);
}

/** A member of a set is told by its value, which a path has no step for: by its position. */
function memberStep(written: string, value: Json | undefined): Step {
  const member = scalar(written);
  const index = isList(value) ? value.findIndex((item) => sameJson(item, member)) : -1;
  return index < 0 ? String(member) : { index };
}

const TELLING = ["name", "mountPath", "containerPort", "port", "key", "type"];

// A position is one of the merged list, in which others may have items too: it is named only where both sides agree.
function itemStep(index: number, sent: Json | undefined, live: Json | undefined): Step {
  const named = isList(sent) ? namedItem(sent, index) : undefined;
  const other = isList(live) ? namedItem(live, index) : named;
  return named !== undefined && sameJson(named, other) ? { item: named } : { index };
}

function namedItem(list: JsonList, index: number): Readonly<Record<string, Scalar>> | undefined {
  const item = list[index];
  for (const name of TELLING) {
    const value = isMap(item) ? item[name] : undefined;
    if (!isScalar(value)) continue;
    const same = list.filter((other) => isMap(other) && sameJson(other[name], value));
    if (same.length === 1) return { [name]: value };
  }
  return undefined;
}

function isScalar(value: Json | undefined): value is Scalar {
  return value !== undefined && value !== null && typeof value !== "object";
}

function scalar(written: string): Scalar {
  if (!/^(?:"|-?\d|true$|false$)/.test(written)) return written;
  try {
    const value = parseJson(written);
    return isScalar(value) ? value : written;
  } catch {
    return written;
  }
}
