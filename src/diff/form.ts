import { isList, isMap, sameJson, type Json, type JsonMap } from "../model/json.ts";
import { storedQuantity } from "../model/quantity.ts";

// A small language for saying what a server makes of a value, so that the rules of a kind read as its shape.

/** What a value becomes when the API server stores it; the value itself, not a copy, where nothing changes. */
export type Form = (value: Json) => Json;

/** The members of a map that have a form of their own; the others, and what is no map, stay as they are. */
export function fields(forms: Readonly<Record<string, Form>>): Form {
  const entries = Object.entries(forms);
  return (value) => {
    if (!isMap(value)) return value;
    let formed = value;
    for (const [name, form] of entries) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      const after = member === undefined ? undefined : form(member);
      if (after !== member) formed = { ...formed, [name]: after };
    }
    return formed;
  };
}

/** Every item of a list. */
export function each(form: Form): Form {
  return (value) => {
    if (!isList(value)) return value;
    let isChanged = false;
    const formed = value.map((item) => {
      const after = form(item);
      isChanged ||= after !== item;
      return after;
    });
    return isChanged ? formed : value;
  };
}

/** Every value of a map whose keys people choose. */
export function values(form: Form): Form {
  return (value) => {
    if (!isMap(value)) return value;
    const changed = Object.keys(value).flatMap((key) => {
      const member = value[key];
      const after = member === undefined ? undefined : form(member);
      return after === undefined || after === member ? [] : [[key, after] as const];
    });
    return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
  };
}

/** Members that the server fills in where they are missing. */
export function defaults(missing: JsonMap): Form {
  const entries = Object.entries(missing);
  return (value) => {
    if (!isMap(value)) return value;
    const filled = entries.filter(([name]) => value[name] === undefined);
    return filled.length === 0 ? value : { ...value, ...Object.fromEntries(filled) };
  };
}

/** Members that the server does not store when they are empty, each with what empty is for it. */
export function withoutEmpty(empties: JsonMap): Form {
  const isDropped = (name: string, member: Json | undefined): boolean =>
    Object.hasOwn(empties, name) && sameJson(member, empties[name]);
  return (value) => {
    if (!isMap(value)) return value;
    const members = Object.entries(value);
    const kept = members.filter(([name, member]) => !isDropped(name, member));
    return kept.length === members.length ? value : Object.fromEntries(kept);
  };
}

/** One form after the other. */
export function inTurn(...forms: readonly Form[]): Form {
  return (value) => forms.reduce((formed, form) => form(formed), value);
}

/** An amount, as fine as it is written. */
export const quantity: Form = (value) => storedQuantity(value) ?? value;

/** Amounts of resources by name, in thousandths at the finest (`SetDefaults_ResourceList`). */
export const amounts: Form = values((value) => storedQuantity(value, "milli") ?? value);

/** Bytes as base64: the server reads over line ends, and writes none. */
export const bytes: Form = (value) => (typeof value === "string" ? value.replaceAll(/[\r\n]/g, "") : value);
