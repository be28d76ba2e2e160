import { canonicalJson, formatJson } from "../../src/model/json.ts";
import type { Problem } from "../../src/model/problem.ts";
import { parseManifests } from "../../src/manifest/parse.ts";

/** Problems as a person reads them: `error yaml-invalid f.yaml:3:1 message; remedy`. */
export function showProblems(problems: readonly Problem[]): string {
  return problems.map(showProblem).join("\n");
}

/** What a file comes to: its objects with their places, then its problems. */
export function showFile(text: string, file = "web.yaml"): string {
  const { objects, problems } = parseManifests(text, file);
  const found = objects.map(({ object, at }) => `${at.line}:${at.column} ${canonicalJson(object)}`);
  return [...found, ...problems.map(showProblem)].join("\n");
}

/** The `data` of the one object that has this body, keys in the order in which they are kept. */
export function showData(body: string): string {
  const { objects, problems } = parseManifests(
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${body}`,
    "web.yaml",
  );
  const [first] = objects;
  return first === undefined ? showProblems(problems) : formatJson(first.object["data"] ?? null);
}

function showProblem({ level, code, at, message, remedy }: Problem): string {
  return `${level} ${code} ${at?.line ?? 0}:${at?.column ?? 0} ${message}; ${remedy}`;
}
