import * as z from "zod";
import { isIdentity, type IgnoreRule } from "../model/ignore-rule.ts";
import { isPath, parsePath } from "../model/path-text.ts";
import { text } from "./scalar-schema.ts";

const KIND = /^(?:[a-z0-9.*?-]+\/)?[A-Za-z0-9*?]+$/;

const path = z
  .string()
  .superRefine((written, context) => {
    const parsed = parsePath(written);
    if (!isPath(parsed)) context.addIssue({ code: "custom", message: parsed.problem });
    else if (isIdentity(parsed))
      context.addIssue({ code: "custom", message: "name a field that is not the identity of the object" });
  })
  .describe("Field.");

/** Fields of some objects that are left to others, as they are written. */
export const ignoreSchema = z.strictObject({
  kind: text()
    .regex(KIND, { error: "write a kind such as Deployment, or apps/Deployment" })
    .describe("Kind of the objects, with its group where that matters: `Deployment`, `apps/Deployment`, `*`."),
  name: text().describe("Name of the objects; `*` stands for any run of characters.").exactOptional(),
  namespace: text().describe("Namespace of the objects; `*` stands for any run of characters.").exactOptional(),
  paths: z
    .array(path)
    .min(1)
    .describe(
      "Fields as reports write them, `spec.template.spec.containers[name=web].image`, or as JSON pointers, `/spec/replicas`; `*` stands for every key or item.",
    ),
});

/** The rule with its paths read; the schema has checked them. */
export function toIgnoreRule({ paths, ...rule }: Written): IgnoreRule {
  return { ...rule, paths: paths.map(parsePath).filter(isPath) };
}

type Written = Omit<IgnoreRule, "paths"> & { readonly paths: readonly string[] };
