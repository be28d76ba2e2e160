import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiOf } from "../cluster/api.ts";
import { cluster, kubectl } from "../cluster/cluster.ts";
import type { Files } from "../support/github/repository.ts";
import { startProject } from "../support/project/project.ts";
import type { Scene } from "./bad-input.ts";

/** The value of the sound app's Secret, which must be nowhere. */
export const CANARY = "canary-6f1d0c9a7b";

const SOUND: Files = {
  ".github/plumbline.yaml": `version: 1
defaults: {namespace: $NAMESPACE}
environments: {test: {}}
apps: {web: {path: app}}
system: {namespace: $NAMESPACE-system}
`,
  "app/settings.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue}
`,
  "app/password.yaml": `apiVersion: v1
kind: Secret
metadata: {name: password}
stringData: {password: ${CANARY}}
`,
};

/** A namespace, and a repository whose main holds a sound app for it. */
export async function openScene(namespace: string, before: Files = {}): Promise<Scene & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bad-input-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await kubectl(["create", "namespace", namespace]);
  const files = placed(withoutAbsent({ ...SOUND, ...before }), namespace);
  const project = stack.use(await startProject({ files, tools: cluster().tools }));
  const opened = stack.move();
  return {
    namespace,
    folder,
    project,
    api: apiOf(cluster()),
    exists: async (manifest, manager = "kubectl") => {
      const input = manifest.replaceAll("$NAMESPACE", namespace);
      await kubectl(["apply", "--server-side", `--field-manager=${manager}`, "-f", "-"], { input });
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The files with the case's namespace in them. */
export function placed(files: Files, namespace: string): Files {
  const entries = Object.entries(files).map(([path, text]) => [
    path,
    typeof text === "string" ? text.replaceAll("$NAMESPACE", namespace) : text,
  ]);
  return Object.fromEntries(entries) as Files;
}

function withoutAbsent(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined));
}
