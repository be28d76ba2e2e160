import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { rolldown, type OutputChunk } from "rolldown";

// Builds dist/: the entries that a user downloads. The same sources give the same bytes, so the check rebuilds and compares.
// Minified without mangling: stack traces of users stay readable, and no class is renamed.
const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const PURE = /node_modules\/(?:@kubernetes\/client-node|@actions\/core|@actions\/http-client)\//;

rmSync(dist, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: { action: "src/action.ts", cli: "src/cli.ts", renderer: "src/renderer.ts" },
  platform: "node",
  external: [/^node:/],
  tsconfig: false,
  resolve: { alias: { yaml: join(root, "node_modules/yaml/browser/index.js") } },
  // They do not say that importing them has no effect. Of client-node that leaves out 5 MB of models; of @actions/core the HTTP
  // client for OpenID Connect, which alone would cost each run of the action 50 ms.
  treeshake: { moduleSideEffects: [{ test: PURE, sideEffects: false }] },
  checks: { circularDependency: false },
});
const { output } = await bundle.write({
  dir: dist,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name].js",
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  comments: false,
  banner: (chunk) => (chunk.isEntry && chunk.name === "cli" ? "#!/usr/bin/env node" : ""),
});
await bundle.close();
writeFileSync(join(dist, "package.json"), '{ "type": "module" }\n');
writeFileSync(
  join(dist, "licenses.txt"),
  licenses(output.filter((part): part is OutputChunk => part.type === "chunk")),
);
console.log(`dist: ${(sizeOf(dist) / 1e6).toFixed(2)} MB`);

/** The licence text of every package that is in the bundle, by package name. */
function licenses(chunks: readonly OutputChunk[]): string {
  const folders = new Set(chunks.flatMap((chunk) => chunk.moduleIds).flatMap((id) => packageFolder(id) ?? []));
  return [...folders].toSorted().map(licenseOf).join("\n");
}

function packageFolder(moduleId: string): string | undefined {
  const path = moduleId.replace(/\?.*$/, "").replaceAll("\0", "");
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
    string,
    string
  >;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined ? `(no licence file in ${relative(root, folder)})` : readFileSync(join(folder, file), "utf8");
  return `${"=".repeat(80)}\n${name} ${version} (${license})\n${"=".repeat(80)}\n${text.replaceAll("\r\n", "\n").trim()}\n`;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
