import * as z from "zod";
import { ignoreSchema } from "./ignore-schema.ts";
import { label, text, timeLimit } from "./scalar-schema.ts";

/** What a target has when nothing is written, and what the documentation names as default. */
export const SETTING_DEFAULTS = {
  render: "auto",
  namespace: "default",
  substitute: {},
  decrypt: "none",
  prune: true,
  adopt: false,
  wait: true,
  timeout: "5m",
  onFailure: "restore",
  namespaces: [],
  ignore: [],
  health: [],
  windows: [],
} as const;

const healthRule = z.strictObject({
  kind: text().describe("Kind of the objects."),
  ready: text().describe("CEL expression that is true when the object is ready."),
  failed: text().describe("CEL expression that is true when it never will be.").exactOptional(),
});

const render = z.union([
  z.enum(["auto", "kustomize", "helm", "plain"]),
  z.strictObject({ command: z.array(text()).min(1).describe("Program and arguments that print YAML.") }),
]);

/** Settings of a target: written under `defaults`, an environment, an app, or an app's environment; the nearest wins. */
export const settingShape = {
  render: setting(
    "render",
    render,
    "How objects are made: `auto` takes kustomize where there is a kustomization, helm where there is a `Chart.yaml`, else the plain files.",
  ),
  namespace: setting("namespace", label(), "Namespace of objects that name none."),
  substitute: setting(
    "substitute",
    z.record(text(), z.string()),
    "Values for `${var}` and `${var:=default}` in manifests.",
  ),
  decrypt: setting("decrypt", z.enum(["none", "sops"]), "How encrypted files are decrypted."),
  prune: setting("prune", z.boolean(), "Objects that left Git are deleted."),
  adopt: setting("adopt", z.boolean(), "Existing objects that carry another tool's or no ownership may be taken."),
  wait: setting("wait", z.boolean(), "An apply waits until its objects are ready."),
  timeout: setting(
    "timeout",
    timeLimit(),
    "How long an apply waits; never less than a workload's own `progressDeadlineSeconds`.",
  ),
  onFailure: setting(
    "onFailure",
    z.enum(["restore", "stop"]),
    "A failed apply puts everything back, or stops where it is. Putting back is not built yet: both stop.",
  ),
  namespaces: setting(
    "namespaces",
    z.array(text()),
    "Namespaces that objects may be in, `*` stands for any run of characters; an empty list allows all.",
  ),
  ignore: setting(
    "ignore",
    z.array(ignoreSchema),
    "Fields that are left to others: they are left alone by plan, apply and drift once the object exists.",
  ),
  health: setting("health", z.array(healthRule), "When objects of custom kinds are ready."),
  windows: setting("windows", z.array(text()), "When an apply may run: `Mon-Thu 09:00-16:00 Europe/Berlin`."),
};

export const SETTING_KEYS: readonly string[] = Object.keys(settingShape);

export const settingSchema = z.strictObject(settingShape);
export type WrittenSettings = z.output<typeof settingSchema>;

// The default goes into the documentation only: a schema default would hide which of the four levels is the nearest.
function setting<T extends z.ZodType>(key: keyof typeof SETTING_DEFAULTS, schema: T, description: string) {
  return schema.meta({ description, default: SETTING_DEFAULTS[key] }).exactOptional();
}
