import * as z from "zod";
import type { ProblemCode } from "../model/problem.ts";
import { RESULTS } from "../model/result.ts";

const text = z.string();
const sha256 = text.nullable().describe("`sha256:` and 64 hex digits; null when it could not be computed.");
const amount = z.number().min(0);
const value = z.unknown().describe('Any JSON value; a secret one is {"masked": true}. Absent: the field is not there.');
const result = z.enum(RESULTS);
const op = z.enum(["create", "update", "replace", "delete", "keep", "ownership"]);

const place = z.object({ file: text, line: z.int(), column: z.int() });
const reference = { group: text, kind: text, namespace: text.nullable(), name: text };

const field = z.object({
  path: text.describe("`spec.template.spec.containers[name=web].image`"),
  before: value.optional(),
  after: value.optional(),
  from: z.enum(["pull-request", "drift", "server"]).describe("Who made the difference."),
});

const change = z.object({
  op,
  ...reference,
  version: text,
  movedFrom: text
    .nullable()
    .describe("Of an update: the target it leaves. Of a create: the object whose place it takes, which is deleted."),
  certainty: z.enum(["server", "surrogate", "offline", "unread"]).describe("How the prediction was made."),
  because: text.nullable(),
  restarts: amount.nullable().describe("Pods that are replaced."),
  fields: z.array(field),
  differences: z
    .array(field)
    .optional()
    .describe("Of a create with `movedFrom`: where it differs from that object, whose place it takes."),
  notes: z.array(text).optional().describe("What the fields do not say by themselves."),
  warnings: z.array(text).describe("`Warning` headers of the server's answer."),
  at: place.nullable(),
});

const outcome = z.object({
  op,
  ...reference,
  outcome: z.enum(["applied", "failed", "skipped", "unsettled", "restored"]),
  before: text.nullable().describe("resourceVersion."),
  after: text.nullable(),
  settledAfterMilliseconds: amount.nullable(),
  message: text.nullable(),
});

const author = z.object({ manager: text, operation: text, subresource: text.nullable(), time: text.nullable() });

const drift = z.object({
  ...reference,
  class: z.enum(["changed", "missing", "extra", "taken", "orphan", "stuck"]),
  path: text.describe("Empty: the whole object."),
  git: value.optional(),
  live: value.optional(),
  by: author.nullable(),
  onMerge: z.enum(["reverted", "kept"]),
  security: z.boolean(),
  counts: z.boolean().optional(),
});

const problem = z.object({
  // A file of another version may hold a code that this one does not know; it is shown all the same.
  code: text.transform((code) => code as ProblemCode),
  level: z.enum(["error", "blocker", "caution"]),
  message: text,
  remedy: text,
  at: place.nullable(),
});

const target = z.object({
  target: text.regex(/^[a-z0-9-]{1,63}\/[a-z0-9-]{1,63}$/).describe("environment/app"),
  result,
  reason: text.nullable(),
  digest: sha256,
  rendered: sha256,
  intent: sha256,
  keyId: text.describe("The key that hid secret values in the digests, or `none`."),
  cluster: z.object({ uid: text, version: text }).nullable(),
  renderer: text.nullable(),
  appliedRevision: text.nullable().describe("The commit this target was last brought to."),
  applied: z.object({ digest: text, time: text }).nullable().describe("Digest and time of that commit's apply."),
  changes: z.array(change),
  outcomes: z.array(outcome),
  drift: z.array(drift),
  problems: z.array(problem),
  hidden: z.object({ ignored: amount, masked: amount, cut: amount, unread: amount }),
  objects: amount,
});

/** `plan.json`, every key of it; keys that a newer version adds are ignored. */
export const planJson = z
  .object({
    schemaVersion: z.literal(1),
    command: z.enum(["plan", "apply", "drift"]),
    repository: text.describe("owner/name; empty outside GitHub."),
    pull: z.int().nullable(),
    pulls: z.array(z.int()).describe("All pull requests that an apply brought in."),
    base: text.nullable(),
    head: text.nullable(),
    digest: sha256,
    result,
    targets: z.array(target),
    problems: z.array(problem),
    notes: z.array(text),
    requests: amount,
    milliseconds: amount,
    time: text.describe("When the live state was read, RFC 3339."),
    link: text.nullable(),
  })
  .meta({ title: "Plumbline plan" });

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

export type PlanJson = Immutable<z.output<typeof planJson>>;
export type TargetJson = PlanJson["targets"][number];

/** The JSON Schema of `plan.json`, as a script writes it. */
export function planJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(planJson, { io: "input" });
}
