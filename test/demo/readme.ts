import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const README = join(import.meta.dirname, "../../README.md");

/** Shows a comment as it was posted in the README, without its marker and the links of this machine. */
export async function putIntoReadme(comment: string): Promise<void> {
  const shown = comment
    .replace(/^<!--.*?-->\n/s, "")
    .replaceAll(/ · <a href="http:[^"]*">run<\/a>/g, "")
    .replace(/^## /m, "### ")
    .trim();
  const text = await readFile(README, "utf8");
  const block = /(<!-- comment:start -->\n)[\s\S]*?(<!-- comment:end -->)/;
  await writeFile(
    README,
    text.replace(block, (_, start: string, end: string) => `${start}${shown}\n${end}`),
  );
}
