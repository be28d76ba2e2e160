import { isList, isMap, type Json, parseJson } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import type { PrivateTree } from "./private-tree.ts";
import { placeOfText, renderError } from "./problems.ts";

export interface ChartScan {
  readonly problems: readonly Problem[];
  /** Subcharts are packed, so what lies in them was not looked at. */
  readonly hasArchives: boolean;
}

/** Looks through a chart and its unpacked subcharts for what would reach outside, and for what cannot be foretold without a cluster. */
export async function scanChart(chart: string, tree: PrivateTree): Promise<ChartScan> {
  const files = tree.files(chart);
  const problems: Problem[] = [];
  for (const file of files) {
    if (file.endsWith("/values.schema.json") || file === "values.schema.json")
      problems.push(...schemaProblems(file, await textOf(file, tree)));
    else if (/(^|\/)templates\//.test(file)) problems.push(...templateProblems(file, await textOf(file, tree)));
  }
  return { problems, hasArchives: files.some((file) => /(^|\/)charts\/[^/]+\.tgz$/.test(file)) };
}

async function textOf(file: string, tree: PrivateTree): Promise<string> {
  return (await tree.read(file)).toString("utf8");
}

// helm loads the schemas that a schema refers to, from any address and from any file.
const LOADING = new Set(["$ref", "$dynamicRef", "$recursiveRef", "$schema"]);
const BUILT_IN = /^https?:\/\/json-schema\.org\/(draft-0[4-7]|draft\/20\d\d-\d\d)\/schema#?$/;

function schemaProblems(file: string, text: string): readonly Problem[] {
  const schema = jsonOf(text);
  if (schema === undefined)
    return [renderError("render-failed", file, { message: `${file} is not valid JSON`, remedy: "correct the syntax" })];
  return loadedBy(schema).map((reference) =>
    renderError("remote-reference", placeOfText(file, text, reference), {
      message: `${file}: ${JSON.stringify(reference)} is not part of this schema`,
      remedy: "write the definition into the schema, and refer to it by #/...",
    }),
  );
}

function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function loadedBy(schema: Json): readonly string[] {
  if (isList(schema)) return schema.flatMap(loadedBy);
  if (!isMap(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (!LOADING.has(key) || typeof value !== "string") return loadedBy(value ?? null);
    return value === "" || value.startsWith("#") || BUILT_IN.test(value) ? [] : [value];
  });
}

function templateProblems(file: string, text: string): readonly Problem[] {
  const call = /\{\{[^{}]*\blookup\b[^{}]*\}\}/.exec(text)?.[0];
  if (call === undefined) return [];
  const message = `${file} calls lookup, which finds nothing here: the cluster is not asked while rendering`;
  const remedy = "check that the template gives the same result on a second install, or replace the call by a value";
  return [{ code: "not-supported-yet", level: "caution", message, remedy, at: placeOfText(file, text, call) }];
}
