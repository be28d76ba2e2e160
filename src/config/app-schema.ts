import * as z from "zod";
import { isRepositoryPath } from "./repository-path.ts";
import { label, repositoryPath, text } from "./scalar-schema.ts";
import { settingSchema, settingShape, SETTING_KEYS, type WrittenSettings } from "./setting-schema.ts";

const REMOTE = /^[a-z][a-z0-9+.-]*:\/\//;

/** The chart is fetched (`oci://`, `https://`), not part of the repository. */
export function isRemoteChart(chart: string): boolean {
  return REMOTE.test(chart);
}

const helm = z
  .strictObject({
    chart: text()
      .refine((chart) => isRemoteChart(chart) || isRepositoryPath(chart), {
        error: "write the folder of a chart, relative to the repository's root, or the address of a remote one",
      })
      .describe("Folder of a chart in this repository (`./charts/web`), or the address of a remote one (`oci://...`)."),
    version: text().describe("Version or range of a remote chart.").exactOptional(),
    values: z.array(repositoryPath()).describe("Values files in order, `$env` is the environment.").prefault([]),
  })
  .refine(({ chart, version }) => version === undefined || isRemoteChart(chart), {
    error: "remove it: a chart of this repository has the version that is in it",
    path: ["version"],
  });

const appShape = {
  path: repositoryPath().describe("Folder that is rendered; `$env` is the environment.").exactOptional(),
  helm: helm.describe("Chart that is rendered, instead of `path`.").exactOptional(),
  dependsOn: z.array(label()).describe("Apps of the same environment that are applied first.").prefault([]),
  ...settingShape,
};

/** Keys of an app that are not names of environments. */
export const APP_KEYS: readonly string[] = Object.keys(appShape);

/** One app. A key that is the name of an environment holds the settings of the app there. */
export const appSchema = z
  .object(appShape)
  .catchall(settingSchema)
  .refine(({ path, helm }) => path !== undefined || helm !== undefined, {
    error: "write path, the folder to render, or helm, the chart to render",
  })
  .refine(({ path, helm }) => path === undefined || helm === undefined, { error: "write path or helm, not both" })
  .transform(toApp);

interface Source {
  readonly path?: string;
  readonly helm?: z.output<typeof helm>;
}

interface App extends Source {
  readonly dependsOn: readonly string[];
  readonly settings: WrittenSettings;
  /** Settings by name of environment. */
  readonly overrides: Readonly<Record<string, WrittenSettings>>;
}

function toApp({ path, helm: chart, dependsOn, ...rest }: Source & { dependsOn: string[] } & object): App {
  const [settings, overrides] = [true, false].map((isSetting) =>
    Object.fromEntries(Object.entries(rest).filter(([key]) => SETTING_KEYS.includes(key) === isSetting)),
  );
  return {
    ...(path === undefined ? {} : { path }),
    ...(chart === undefined ? {} : { helm: chart }),
    dependsOn,
    settings: { ...settings },
    // The schema's catch-all has checked each of them.
    overrides: { ...overrides } as Record<string, WrittenSettings>,
  };
}
