import { nameOf } from "./mistake.ts";
import type { Config } from "./schema.ts";

/** Keys that take effect in the commit they are written in, wherever they stand: they say what is rendered, and how. */
const CONTENT_KEYS = ["path", "helm", "dependsOn", "render", "namespace"];

/** One sentence for every key that the head changes and that stays as the base has it until the head is merged. */
export function compareAuthority(base: Config, head: Config): readonly string[] {
  const before = new Map(leavesOf(base).map((leaf) => [leaf.name, leaf.text]));
  const after = new Map(leavesOf(head).map((leaf) => [leaf.name, leaf.text]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${describe(name, before.get(name), after.get(name))}; this takes effect after merge`);
}

function describe(name: string, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `${name} is added as ${after}`;
  return after === undefined ? `${name}, which is ${before}, is removed` : `${name} changes from ${before} to ${after}`;
}

interface Leaf {
  readonly name: string;
  readonly text: string;
}

function leavesOf({ apps, ...rest }: Config): readonly Leaf[] {
  const written = Object.entries(apps).map(
    ([app, { settings, overrides }]) => [app, { ...settings, ...overrides }] as const,
  );
  return [...collect(rest, []), ...collect(Object.fromEntries(written), ["apps"])];
}

function collect(value: unknown, path: readonly string[]): readonly Leaf[] {
  const key = path.at(-1) ?? "";
  if (isSetting(path) && CONTENT_KEYS.includes(key)) return [];
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([inner, member]) => collect(member, [...path, inner]));
  return [{ name: nameOf(path), text: JSON.stringify(value) }];
}

function isSetting([section, ...rest]: readonly string[]): boolean {
  if (section === "defaults") return rest.length === 1;
  if (section === "environments") return rest.length === 2;
  return section === "apps" && rest.length >= 2;
}
