import path from "node:path";
import type { Problem } from "../../src/model/problem.ts";
import { formatPlace } from "../../src/model/place.ts";
import type { Rendered, RenderRequest } from "../../src/ports.ts";
import { createRenderer } from "../../src/render/renderer.ts";
import type { RendererLimits } from "../../src/render/renderer-child.ts";
import type { ToolName } from "../../src/render/tool.ts";
import { createExec } from "../../src/system/process.ts";
import { type Content, folderOf } from "./repository.ts";

export const PROGRAM = path.resolve(import.meta.dirname, "../../src/renderer.ts");

export interface Rendering {
  readonly files: Readonly<Record<string, Content>>;
  readonly request?: Partial<RenderRequest>;
  /** Absolute paths of kustomize and helm. */
  readonly tools?: Partial<Record<ToolName, string>>;
  readonly program?: string;
  readonly limits?: RendererLimits;
  readonly signal?: AbortSignal;
}

/** Renders a repository of these files with the real child process; the app is the folder `app` unless asked otherwise. */
export async function renderApp({
  files,
  request,
  tools = {},
  program = PROGRAM,
  limits,
  signal,
}: Rendering): Promise<Rendered> {
  await using repository = await folderOf(files);
  await using temporary = await folderOf({});
  const renderer = createRenderer({
    exec: createExec(),
    node: process.execPath,
    program,
    temporary: temporary.root,
    tools: { find: (name) => Promise.resolve({ name, file: tools[name] ?? `/no/${name}`, version: "v1.2.3" }) },
    ...(limits === undefined ? {} : { limits }),
  });
  const defaults: RenderRequest = {
    root: repository.root,
    path: "app",
    how: "auto",
    values: [],
    release: "web",
    namespace: "shop",
    apiVersions: [],
  };
  return await renderer.render({ ...defaults, ...request }, signal ?? new AbortController().signal);
}

/** One line per object: `ConfigMap web app/a.yaml:1`. */
export function objectLines({ objects }: Rendered): readonly string[] {
  return objects.map(({ object, at }) => `${object.kind} ${object.metadata.name} ${formatPlace(at)}`);
}

/** One line per problem: `error yaml-invalid app/a.yaml:3 message`. */
export function problemLines({ problems }: { readonly problems: readonly Problem[] }): readonly string[] {
  return problems.map(({ level, code, message, at }) =>
    [level, code, ...(at === undefined ? [] : [formatPlace(at)]), message].join(" "),
  );
}
