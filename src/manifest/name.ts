import type { KubeObject, SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { hasName, subjectOf } from "./subject.ts";

// Every kind's names are at least this: a segment of a URL path.
const PATH_SEGMENT = /^(?!\.{1,2}$)[^/%\p{C}]{1,253}$/u;
const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** Whether the object can be addressed at all; what else a kind asks of its names is for the server to say. */
export function checkName({ object, at }: SourceObject): readonly Problem[] {
  const { name, namespace } = object.metadata;
  if (!hasName(object)) return [{ code: "name-missing", level: "error", ...nameMissing(object), at }];
  const problems: Problem[] = [];
  if (!PATH_SEGMENT.test(name)) {
    problems.push({
      code: "invalid-object",
      level: "blocker",
      message: `${subjectOf(object)}: metadata.name cannot be part of a URL`,
      remedy: "use at most 253 letters, digits, '-' and '.'",
      at,
    });
  }
  if (namespace !== undefined && namespace !== "" && !DNS_LABEL.test(namespace)) {
    problems.push({
      code: "invalid-object",
      level: "blocker",
      message: `${subjectOf(object)}: metadata.namespace is not a DNS label`,
      remedy: "use at most 63 lower-case letters, digits and '-'",
      at,
    });
  }
  return problems;
}

function nameMissing(object: KubeObject): Pick<Problem, "message" | "remedy"> {
  const subject = subjectOf(object);
  const { generateName } = object.metadata;
  if (typeof generateName !== "string" || generateName === "") {
    return { message: `${subject}: metadata.name is missing`, remedy: "add metadata.name" };
  }
  return {
    message: `${subject}: metadata.generateName makes a new object on every apply`,
    remedy: "give it a fixed metadata.name",
  };
}
