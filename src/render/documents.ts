import type { Json } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import { readDocuments as readAll } from "../manifest/documents.ts";
import { checkLimits } from "../manifest/limits.ts";
import { Lines } from "../manifest/lines.ts";
import { decodeText } from "../manifest/text.ts";
import { renderError } from "./problems.ts";

export interface FileDocuments {
  readonly text: string;
  readonly documents: readonly Json[];
  readonly problems: readonly Problem[];
}

/** The YAML or JSON documents of a file, whatever they hold; empty documents are passed over. */
export function readDocuments(bytes: Uint8Array, file: string): FileDocuments {
  const decoded = decodeText(bytes, file);
  if (decoded.kind === "refused") return { text: "", documents: [], problems: [decoded.problem] };
  const { text } = decoded;
  const refused = checkLimits(text, file);
  if (refused !== undefined) return { text, documents: [], problems: [refused] };
  const { documents, faults } = readAll(text);
  const lines = new Lines(text, file);
  return {
    text,
    documents: documents.map(({ value }) => value).filter((value) => value !== null),
    problems: faults.map((fault) =>
      renderError("yaml-invalid", lines.placeOf(fault.offset), {
        message: `${file}: ${fault.message}`,
        remedy: fault.remedy,
      }),
    ),
  };
}
