import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

/** A workflow of this repository, be it ours, a sample, or a block in a text. */
export interface WorkflowFile {
  /** Path from the repository's root; a block adds the line it begins at: `README.md:12`. */
  readonly name: string;
  readonly text: string;
}

/** Every workflow that we run or that users are told to copy. */
export function workflowFiles(): readonly WorkflowFile[] {
  const files = globSync(
    ["action.yml", ".github/dependabot.yml", ".github/workflows/*.{yaml,yml}", "docs/workflows/*.{yaml,yml}"],
    { cwd: ROOT },
  );
  const texts = globSync(["*.md", "docs/**/*.md"], { cwd: ROOT });
  return [...files.toSorted().map(read), ...texts.toSorted().map(read).flatMap(workflowBlocks)];
}

function read(name: string): WorkflowFile {
  return { name, text: readFileSync(join(ROOT, name), "utf8") };
}

const FENCE = /^( *)(`{3,}|~{3,})ya?ml\b[^\n]*\n([\s\S]*?)^\1\2[ \t]*$/gm;

/** The whole workflows among the YAML blocks of a Markdown text: those with `on` and `jobs`. */
export function workflowBlocks({ name, text }: WorkflowFile): readonly WorkflowFile[] {
  return [...text.matchAll(FENCE)]
    .map(({ index, 1: indent = "", 3: block = "" }) => ({
      name: `${name}:${text.slice(0, index).split("\n").length}`,
      text: block.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }))
    .filter((block) => /^(?:on|"on"|'on'):/m.test(block.text) && /^jobs:/m.test(block.text));
}
