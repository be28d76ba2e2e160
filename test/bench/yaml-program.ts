import { readFileSync } from "node:fs";
import { loadAll } from "js-yaml";
import { parseAllDocuments } from "yaml";
import { parseManifests } from "../../src/manifest/parse.ts";

// node yaml-program.ts READER FILE ROUNDS: how long a reader takes for a file of manifests, in milliseconds for each round.

const READERS: Readonly<Record<string, (text: string) => number>> = {
  ours: (text) => parseManifests(text, "mix.yaml").objects.length,
  yaml: (text) => parseAllDocuments(text).map((document) => document.toJS() as unknown).length,
  "js-yaml": (text) => loadAll(text).length,
};

const [, , name = "", file = "", rounds = "1"] = process.argv;
const text = readFileSync(file, "utf8");
const laps = Array.from({ length: Number(rounds) }, () => {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const objects = READERS[name]!(text);
  const { user, system } = process.cpuUsage(cpu);
  return { milliseconds: performance.now() - started, cpuMilliseconds: (user + system) / 1000, objects };
});
process.stdout.write(JSON.stringify(laps));
