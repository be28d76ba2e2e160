import * as z from "zod";
import { APP_KEYS } from "./app-schema.ts";
import { label, text } from "./scalar-schema.ts";
import { settingShape } from "./setting-schema.ts";

/** The name of an environment is also a key of an app, so it must not be one of the others. */
export const environmentName = label().refine((name) => !APP_KEYS.includes(name), {
  error: "choose another name: this one is a key of an app",
});

const approve = z.strictObject({
  by: z.array(text()).min(1).describe("Users (`@name`) and teams (`@org/team`) that may approve."),
  count: z.int().min(1).describe("How many of them have to.").prefault(1),
});

export const environmentSchema = z.strictObject({
  context: text()
    .describe(
      "Context of the kubeconfig; `in-cluster` for the account of the pod that runs this. Not given: the current context.",
    )
    .exactOptional(),
  cluster: z
    .strictObject({
      uid: text().describe("UID of the namespace `kube-system`: a run that finds another cluster is refused."),
    })
    .describe("Which cluster this is.")
    .exactOptional(),
  after: label()
    .describe("Environment that must have the same commit, healthy, before this one is applied.")
    .exactOptional(),
  deploy: z
    .enum(["merge", "promote"])
    .describe("`merge` applies what is merged, `promote` waits until a person says so.")
    .prefault("merge"),
  approve: approve.describe("Who has to approve an apply.").exactOptional(),
  ...settingShape,
});
