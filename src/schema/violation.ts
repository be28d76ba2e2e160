import type { Path } from "../model/path.ts";

/** What a schema forbids about one place of an object. `what` never holds the value. */
export interface Violation {
  readonly code: "unknown-field" | "wrong-type" | "duplicate-list-key" | "list-key-missing" | "invalid-object";
  readonly path: Path;
  readonly what: string;
}
