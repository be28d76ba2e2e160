import * as z from "zod";
import { appSchema } from "./app-schema.ts";
import { MODES } from "../model/mode.ts";
import { environmentName, environmentSchema } from "./environment-schema.ts";
import { duration, environmentVariable, label, repositoryPath, text } from "./scalar-schema.ts";
import { settingSchema } from "./setting-schema.ts";

const plan = z.strictObject({
  mode: z
    .enum(MODES)
    .describe(
      "What a plan may ask of the cluster: dry-runs, which take the right to write, reads only, or nothing. `auto` asks for dry-runs where its account may.",
    )
    .prefault("auto"),
  comment: z
    .enum(["auto", "always", "on-change", "never"])
    .describe("When the plan is written as a comment: `auto` leaves out a first one that would say nothing.")
    .prefault("auto"),
  failOn: z
    .enum(["error", "blockers", "changes", "never"])
    .describe("What makes a plan's job fail.")
    .prefault("blockers"),
  stale: z.enum(["refuse", "warn"]).describe("What an apply does when it is not what was planned.").prefault("refuse"),
  directPush: z
    .enum(["apply", "refuse"])
    .describe("What an apply does with commits that have no plan.")
    .prefault("apply"),
});

const drift = z.strictObject({
  mode: z.enum(["issue", "heal", "off"]).describe("What happens when the cluster left Git.").prefault("issue"),
  after: duration().describe("Age of a difference before it counts.").prefault("1h"),
  sightings: z.int().min(1).describe("Runs that must have seen a difference before it counts.").prefault(2),
  remind: duration().describe("Time between reminders on an open issue.").prefault("24h"),
  extra: z
    .enum(["report", "issue", "revert"])
    .describe(
      "Fields that Git does not declare, set by somebody else: named where an issue is open anyway, reason enough for an issue, or taken away.",
    )
    .prefault("report"),
});

const check = z.strictObject({
  run: z
    .array(text())
    .min(1)
    .describe("Program and arguments: exit code 0 is the same, 2 differs, any other is broken."),
  in: repositoryPath().describe("Folder it runs in.").exactOptional(),
});

const metric = z.strictObject({
  name: text().describe("Name in reports."),
  query: text().describe("PromQL that gives one number."),
  max: z.number().describe("Largest good value.").exactOptional(),
  min: z.number().describe("Smallest good value.").exactOptional(),
});

const verification = z.strictObject({
  for: duration().describe("How long the metrics are watched."),
  prometheus: environmentVariable().describe("Environment variable with the address of Prometheus."),
  metrics: z.array(metric).min(1).describe("What is watched."),
});

const prune = z.strictObject({
  max: z.int().min(0).describe("Most objects that one apply deletes.").prefault(10),
  ratio: z
    .number()
    .min(0)
    .max(1)
    .describe("Largest share of a target's objects that one apply deletes, from the fourth object on.")
    .prefault(0.25),
  protect: z
    .array(text())
    .describe("Kinds that are never deleted.")
    .prefault(["Namespace", "PersistentVolumeClaim", "PersistentVolume", "StorageClass", "CustomResourceDefinition"]),
});

const role = z.enum(["read", "triage", "write", "maintain", "admin"]);

const commands = z.strictObject({
  plan: role.describe("Role that `/plumb plan` needs.").prefault("write"),
  apply: role.describe("Role that `/plumb apply` needs.").prefault("write"),
  freeze: role.describe("Role that `/plumb freeze` needs.").prefault("write"),
  override: role.describe("Role that passing a freeze or a window needs.").prefault("maintain"),
});

const notification = z.strictObject({
  slack: environmentVariable().describe("Environment variable with the address of a Slack webhook."),
  events: z
    .array(z.enum(["failed", "drift", "applied", "blocked", "refused"]))
    .min(1)
    .describe("What is told."),
  environments: z.array(label()).describe("Of which environments; not given: of all.").exactOptional(),
});

const metrics = z.strictObject({
  textfile: z.boolean().describe("Metrics are written as a file for the node exporter.").prefault(false),
  pushgateway: environmentVariable()
    .describe("Environment variable with the address of a Pushgateway.")
    .exactOptional(),
});

/** `.github/plumbline.yaml`, every key of it. */
export const configSchema = z
  .strictObject({
    version: z.literal(1).describe("Version of this format."),
    bot: text()
      .describe("Slug of the App whose bot answers comment commands; the Action then leaves them to it.")
      .exactOptional(),
    defaults: settingSchema.describe("Settings of all targets.").prefault({}),
    environments: z
      .record(environmentName, environmentSchema)
      .refine((environments) => Object.keys(environments).length > 0, { error: "write at least one environment" })
      .describe("Clusters, or parts of one, by name.")
      .prefault({ default: {} }),
    apps: z
      .record(label(), appSchema)
      .describe(
        "What is deployed, by name. A key that is the name of an environment holds the settings of the app there.",
      )
      .prefault({}),
    plan: plan.describe("How plans are made.").prefault({}),
    drift: drift.describe("How drift is found and told.").prefault({}),
    images: z
      .record(text(), z.record(label(), text()))
      .describe("Which tag of an image each environment follows.")
      .prefault({}),
    checks: z.record(label(), check).describe("Other programs that detect drift.").prefault({}),
    verify: z.record(label(), verification).describe("Metrics that must hold after an apply.").prefault({}),
    sources: z
      .strictObject({
        allow: z.array(text()).describe("Addresses of remote charts and bases that may be fetched.").prefault([]),
      })
      .describe("Remote sources.")
      .prefault({}),
    policy: z
      .strictObject({
        prune: prune.describe("Limits of deletion.").prefault({}),
        commands: commands.describe("Who may give comment commands.").prefault({}),
      })
      .describe("What is allowed.")
      .prefault({}),
    notify: z.array(notification).describe("Who is told, and of what.").prefault([]),
    metrics: metrics.describe("Where metrics go.").prefault({}),
    system: z
      .strictObject({
        namespace: label()
          .describe("Namespace in the cluster for locks, inventories and keys.")
          .prefault("plumbline-system"),
      })
      .describe("What Plumbline keeps in the cluster.")
      .prefault({}),
  })
  .meta({ title: "Plumbline configuration" });

/** A configuration that has been checked; whatever has a default has a value, except the settings, whose nearest level `resolveTargets` finds. */
export type Config = Immutable<z.output<typeof configSchema>>;
export type App = Config["apps"][string];

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;
