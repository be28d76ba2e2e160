import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { configJsonSchema } from "../src/config/json-schema.ts";
import { planJsonSchema } from "../src/report/plan-json-schema.ts";
import { formatKeyTable } from "../src/config/key-table.ts";
import { formatIgnoreTable } from "../src/diff/ignore-table.ts";

// Writes what the documentation says about the configuration and the Action from the code and `action.yml`. With `--check`
// nothing is written, and a file that is not what would be written makes the exit code 1.

interface Input {
  readonly description: string;
  readonly default?: string;
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

const action = parse(await readFile(join(root, "action.yml"), "utf8")) as ActionFile;
const schema = configJsonSchema();
const tables: Readonly<Record<string, string>> = {
  inputs: formatInputs(action.inputs),
  outputs: formatOutputs(action.outputs),
  keys: formatKeyTable(schema),
  marks: formatIgnoreTable(),
};

const stale: string[] = [];
await update("docs/plumbline.schema.json", () => `${JSON.stringify(schema, undefined, 2)}\n`);
await update("docs/plan.schema.json", () => `${JSON.stringify(planJsonSchema(), undefined, 2)}\n`);
for (const file of ["docs/config.md", "docs/ignore.md", "docs/inputs.md", "README.md"]) await update(file, fillTables);

if (values.check && stale.length > 0) {
  console.error(`${stale.join(", ")}: not what the code says; run node scripts/generate-docs.ts`);
  process.exitCode = 1;
}

async function update(file: string, toText: (current: string) => string): Promise<void> {
  const path = join(root, file);
  const current = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (current === undefined && file === "README.md") return;
  const text = toText(current ?? "");
  if (text === current) return;
  stale.push(file);
  if (!values.check) await writeFile(path, text);
}

function fillTables(text: string): string {
  return text.replaceAll(
    /(<!-- (\w+):start -->\n)[\s\S]*?(<!-- \2:end -->)/g,
    (block: string, start: string, name: string, end: string) => {
      const table = tables[name];
      return table === undefined ? block : `${start}${table}\n${end}`;
    },
  );
}

function formatInputs(inputs: ActionFile["inputs"]): string {
  const rows = Object.entries(inputs).map(
    ([name, input]) =>
      `| \`${name}\` | ${input.default === undefined ? "" : `\`${input.default}\``} | ${input.description} |`,
  );
  return ["| input | default | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

function formatOutputs(outputs: ActionFile["outputs"]): string {
  const rows = Object.entries(outputs).map(([name, { description }]) => `| \`${name}\` | ${description} |`);
  return ["| output | meaning |", "| --- | --- |", ...rows].join("\n");
}
