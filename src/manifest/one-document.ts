import type { Json } from "../model/json.ts";
import { readDocuments } from "./documents.ts";
import { Lines } from "./lines.ts";

/** Reads the first YAML document or JSON value of a text as kubectl does, or says in which line it is broken. */
export function readOneDocument(text: string): { readonly value: Json } | { readonly brokenAt: number } {
  const { documents, faults } = readDocuments(text);
  const [fault] = faults;
  if (fault !== undefined) return { brokenAt: new Lines(text, "").placeOf(fault.offset).line };
  return { value: documents[0]?.value ?? null };
}
