import { parse } from "yaml";
import type { KubeObject } from "../../src/model/object.ts";

/** One object from an indented YAML literal. */
export function yml(strings: TemplateStringsArray, ...values: readonly unknown[]): KubeObject {
  return parse(dedent(String.raw({ raw: strings }, ...values))) as KubeObject;
}

/** The text without the indentation that its lines share, and without its first and last line break. */
export function dedent(text: string): string {
  const lines = text
    .replace(/^\n/, "")
    .replace(/\n[ \t]*$/, "\n")
    .split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join("\n");
}
