/** What the YAML scanner tells the composer. The `block-*` tokens and the `key` of an implicit key stand for indentation and a later `:`. */
export type TokenKind =
  | "block-map"
  | "block-list"
  | "block-end"
  | "block-entry"
  | "flow-map"
  | "flow-map-end"
  | "flow-list"
  | "flow-list-end"
  | "flow-entry"
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  /** Where it starts, in UTF-16 units. */
  readonly at: number;
  /** The text of a scalar, the name of an anchor or alias, the full tag; empty for all others. */
  readonly text: string;
  /** A scalar without quotes, whose text decides its type. */
  readonly plain: boolean;
}
