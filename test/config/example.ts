import { parseConfig } from "../../src/config/parse.ts";
import type { Config } from "../../src/config/schema.ts";
import type { Problem } from "../../src/model/problem.ts";

/** A template tag that takes the common indentation off a YAML text. */
export function yaml(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  const text = String.raw({ raw: strings }, ...values)
    .replace(/^\n/, "")
    .replace(/\n[ ]*$/, "\n");
  const indent = /^ */.exec(text)?.[0] ?? "";
  return text.replaceAll(new RegExp(`^${indent}`, "gm"), "");
}

/** The configuration of a text that has no mistakes. */
export function configOf(text: string): Config {
  const parsed = parseConfig(text, "plumbline.yaml");
  if ("problems" in parsed) throw new Error(format(parsed.problems).join("\n"));
  return parsed.config;
}

/** What a person reads about a text: `line:column code message; remedy`. */
export function problemsOf(text: string): readonly string[] {
  const parsed = parseConfig(text, "plumbline.yaml");
  return "problems" in parsed ? format(parsed.problems) : [];
}

export function format(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ at, code, message, remedy }) => {
    const place = at === undefined ? "" : `${at.line}:${at.column} `;
    return `${place}${code} ${message}; ${remedy}`;
  });
}
