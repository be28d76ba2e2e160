import { isList, isMap, type Json, type JsonMap } from "../model/json.ts";
import type { Path, Step } from "../model/path.ts";

// Environment variables, flags, keys of ConfigMaps and fields of custom resources that say themselves that their values are
// secret. What only refers to a secret (`secretName`, `passwordKey`, `tokenFile`) ends otherwise.
const SECRET_NAME =
  /(?:^|[^a-z])(?:pass|pwd)$|(?:password|passwd|passphrase|secret[_-]?access[_-]?key|client[_-]?secret|(?:api|private|encryption|signing|account)[_-]?key|(?:access|auth|bearer|refresh|api)[_-]?token)$/i;

/** The name by which the value at a path goes: its key, or the `name` of the entry whose `value` it is. */
export function nameAt(path: Path): string | undefined {
  return path.at(-1) === "value" ? (nameOf(path.at(-2)) ?? "value") : nameOf(path.at(-1));
}

function nameOf(step: Step | undefined): string | undefined {
  if (typeof step === "string" || step === undefined) return step;
  const name = "item" in step ? step.item["name"] : undefined;
  return typeof name === "string" ? name : undefined;
}

/** A value of which every scalar whose name says that it is secret has been changed; names are those of keys, of entries with a `name` and a `value`, and of flags. */
export function changeNamed(value: Json, name: string | undefined, change: (secret: Json) => Json): Json {
  if (isMap(value)) {
    const members = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
    return Object.fromEntries(
      members.map(([key, member]) => [key, changeNamed(member, memberName(value, key), change)]),
    );
  }
  if (isList(value)) return value.map((item, index) => changeNamed(item, flagName(value[index - 1]), change));
  return name !== undefined && SECRET_NAME.test(name) && isTelling(value) ? change(value) : value;
}

function memberName(map: JsonMap, key: string): string {
  const name = key === "value" ? map["name"] : undefined;
  return typeof name === "string" ? name : key;
}

/** Every scalar in a value whose name says that it is secret; names as for `changeNamed`, but nothing is copied. */
export function namedIn(value: Json, name?: string): readonly Json[] {
  const found: Json[] = [];
  collectNamed(value, name, found);
  return found;
}

function collectNamed(value: Json, name: string | undefined, found: Json[]): void {
  if (isList(value)) {
    let before: Json | undefined;
    for (const item of value) {
      collectNamed(item, flagName(before), found);
      before = item;
    }
  } else if (isMap(value)) {
    for (const key in value) {
      const member = value[key];
      if (member !== undefined) collectNamed(member, memberName(value, key), found);
    }
  } else if (name !== undefined && SECRET_NAME.test(name) && isTelling(value)) {
    found.push(value);
  }
}

/** Of `--password` in front of the item. */
function flagName(before: Json | undefined): string | undefined {
  return typeof before === "string" && before.startsWith("-") ? before : undefined;
}

/** No variable, path or template that only refers to a secret, and no word for having none. */
function isTelling(value: Json): boolean {
  if (typeof value === "number" || typeof value === "bigint") return true;
  return typeof value === "string" && value !== "" && !/^[$<{[*/]|^(?:true|false|null|none)$/i.test(value);
}
