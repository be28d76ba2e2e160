import { Parser, type Node } from "commonmark";

/** The nodes of a Markdown text in order, as commonmark's reference implementation reads it. */
export function nodesOf(markdown: string): readonly Node[] {
  const walker = new Parser().parse(markdown).walker();
  const nodes: Node[] = [];
  for (let step = walker.next(); step !== null; step = walker.next()) if (step.entering) nodes.push(step.node);
  return nodes;
}

/** The kinds of nodes in a text, each once, in alphabetical order. */
export function kindsOf(markdown: string): readonly string[] {
  return [...new Set(nodesOf(markdown).map(({ type }) => type))].toSorted();
}

/** What a reader sees, without the characters of no width that break up mentions. */
export function readingOf(markdown: string): string {
  return nodesOf(markdown)
    .map(({ type, literal }) => (type === "softbreak" ? "\n" : (literal ?? "")))
    .join("")
    .replaceAll("\u200b", "");
}
