import type { SourceObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { formatPath, type Path } from "./composition.ts";
import { subjectOf } from "./subject.ts";
import { findTexts, listSome } from "./texts.ts";

// `$${name}` is the escape for a literal; `$(NAME)` is Kubernetes' own.
const VARIABLE = /(?<!\$)\$\{([A-Za-z_]\w*)(?:\}|:?[-=?+])/;

/** Whether a text is for the check below; cheap, and true too often. */
export function mayHoldVariable(text: string): boolean {
  return text.includes("${");
}

/**
 * `${name}` that a substitution should have replaced; one problem per object. Texts of several lines and the words of
 * commands are left out: they are programs and configuration with variables of their own.
 */
export function findVariables({ object, at }: SourceObject): readonly Problem[] {
  const found = findTexts(
    object,
    (text) => mayHoldVariable(text) && !text.trimEnd().includes("\n") && VARIABLE.test(text),
  )
    .filter(({ path }) => !isCommand(path))
    .map(({ path, text }) => `\${${VARIABLE.exec(text)?.[1] ?? ""}} at ${formatPath(path)}`);
  if (found.length === 0) return [];
  return [
    {
      code: "unresolved-variable",
      level: "caution",
      message: `${subjectOf(object)}: nothing replaced ${listSome(found)}`,
      remedy: "write the value itself, `substitute` is not supported yet; if it is meant literally, leave it",
      at,
    },
  ];
}

function isCommand(path: Path): boolean {
  return path.includes("command") || path.includes("args");
}
