import { formatJson, isList, isMap, parseJson, type Json } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import type { RunReport } from "../model/run.ts";
import { planJson } from "./plan-json-schema.ts";
import { fromPlanJson } from "./plan-json-reader.ts";
import { toPlanJson } from "./plan-json-writer.ts";

/** A run as `plan.json`: two spaces of indentation and a line end. */
export function formatPlanJson(report: RunReport): string {
  return `${formatJson(toPlanJson(report) as unknown as Json, 2)}\n`;
}

// Values inside each other beyond this would overflow the stack of whatever walks them; no manifest comes near it.
const DEEPEST = 200;

/** The run in a `plan.json` that another job wrote, or what is wrong with it. Nothing in it is trusted. */
export function parsePlanJson(text: string): RunReport | readonly Problem[] {
  const json = readJson(text);
  if (json === undefined) return [invalid("it is not JSON")];
  if (depthOf(json) > DEEPEST) return [invalid(`values lie more than ${DEEPEST} levels inside each other`)];
  const parsed = planJson.safeParse(json);
  if (parsed.success) return fromPlanJson(parsed.data);
  return parsed.error.issues.slice(0, MOST_ISSUES).map(({ path, message }) => invalid(`${path.join(".")}: ${message}`));
}

const MOST_ISSUES = 10;

function invalid(what: string): Problem {
  return {
    code: "input-invalid",
    level: "error",
    message: `a plan file cannot be read: ${what}`,
    remedy: "give the folder of plan files that this version of Plumbline wrote, and nothing else",
  };
}

function readJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** How deep lists and maps lie inside each other. */
function depthOf(json: Json): number {
  let depth = 0;
  let level: readonly Json[] = [json];
  while (level.length > 0 && depth <= DEEPEST) {
    level = level.flatMap(membersOf);
    depth += 1;
  }
  return depth;
}

function membersOf(json: Json): readonly Json[] {
  if (isList(json)) return json;
  return isMap(json) ? Object.values(json).filter((member) => member !== undefined) : [];
}
