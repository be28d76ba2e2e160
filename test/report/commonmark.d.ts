// The part of commonmark that the tests read; the package has no types.
declare module "commonmark" {
  export interface Node {
    readonly type: string;
    readonly literal: string | null;
  }
  export interface NodeWalker {
    next(): { readonly entering: boolean; readonly node: Node } | null;
  }
  export class Parser {
    parse(input: string): { walker(): NodeWalker };
  }
}
