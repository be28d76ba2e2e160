import type { Manifests } from "../manifest/parse.ts";
import { decodeText } from "../manifest/text.ts";
import type { Job, JobAnswer } from "./job.ts";

/** All objects in the YAML and JSON files below the app's path, in the order of their paths; names that begin with a dot are passed over. */
export async function renderPlain({ tree, place, parse }: Job): Promise<JobAnswer> {
  const refused = tree.problems();
  if (refused.length > 0) return { objects: [], problems: refused };
  const files = tree.files(place).filter((file) => isManifest(file, place));
  const parsed: Manifests[] = [];
  for (const file of files) {
    const decoded = decodeText(await tree.read(file), file);
    parsed.push(decoded.kind === "text" ? parse(decoded.text, file) : { objects: [], problems: [decoded.problem] });
  }
  return {
    objects: parsed.flatMap(({ objects }) => objects),
    problems: parsed.flatMap(({ problems }) => problems),
  };
}

function isManifest(file: string, app: string): boolean {
  const below = app === "." ? file : file.slice(app.length + 1);
  return /\.(ya?ml|json)$/.test(file) && !below.split("/").some((part) => part.startsWith("."));
}
