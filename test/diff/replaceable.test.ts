import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { replaceableBy } from "../../src/diff/replaceable.ts";
import type { KubeObject } from "../../src/model/object.ts";
import type { Answer, Answers } from "./refusal-table.ts";

const FILE = join(import.meta.dirname, "golden/refusals/immutable-fields.json");
const ANSWERS = JSON.parse(readFileSync(FILE, "utf8")) as Answers;

function answerTo(name: string): Required<Answer> {
  const answer = ANSWERS[name];
  if (answer?.sent === undefined || answer.live === undefined) throw new Error(`${name}: not recorded`);
  return { ...answer, sent: answer.sent, live: answer.live };
}

function annotated(object: KubeObject, annotations: Readonly<Record<string, string>>): KubeObject {
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function kindOf(name: string, annotations: Readonly<Record<string, string>> = {}): string {
  const { refusal, sent, live } = answerTo(name);
  return replaceableBy(refusal, annotated(sent, annotations), live)?.kind ?? "no";
}

const ASKED = { "plumbline.dev/replace": "true" };

describe("a change that the server refuses can be had by deleting and creating", () => {
  test.each(
    Object.keys(ANSWERS).map((name) => [
      name,
      /volume claim$|not bound|definition/.test(name),
      /does not fit|uid/.test(name),
    ]),
  )("%s", (name, loses, elsewise) => {
    const expected = loses ? "never" : elsewise ? "no" : "replaceable";
    expect(kindOf(name, ASKED)).toBe(expected);
  });
});

describe("the author asks for it", () => {
  const name = "selector of a Deployment";

  test.each([
    [{ "plumbline.dev/replace": "true" }],
    [{ "kustomize.toolkit.fluxcd.io/force": "enabled" }],
    [{ "kustomize.toolkit.fluxcd.io/force": "Enabled" }],
    [{ "argocd.argoproj.io/sync-options": "Prune=false, Replace=true" }],
    [{ "argocd.argoproj.io/sync-options": "Force=true" }],
  ])("by %j", (annotations) => {
    expect(kindOf(name, annotations)).toBe("replaceable");
  });

  test.each([
    [{ "plumbline.dev/replace": "false" }],
    [{ "kustomize.toolkit.fluxcd.io/force": "disabled" }],
    [{ "argocd.argoproj.io/sync-options": "Replace=false,NoForce=true" }],
  ])("not by %j", (annotations) => {
    expect(kindOf(name, annotations)).toBe("not-asked");
  });

  test("in Git, not in the cluster", () => {
    const { refusal, sent, live } = answerTo(name);
    expect(replaceableBy(refusal, sent, annotated(live, ASKED))?.kind).toBe("not-asked");
  });
});

test("a StatefulSet that takes its volumes with it stays", () => {
  const { refusal, sent, live } = answerTo("service of a StatefulSet");
  const spec = { ...(live["spec"] as object), persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } };
  expect(replaceableBy(refusal, annotated(sent, ASKED), { ...live, spec })).toEqual({
    kind: "never",
    because: "deleting it deletes its volumes (persistentVolumeClaimRetentionPolicy)",
  });
});

describe("nothing is deleted", () => {
  const { refusal, sent, live } = answerTo("selector of a Deployment");
  const asked = annotated(sent, ASKED);

  test.each([
    ["when a webhook says that a field is immutable", { message: `admission webhook "w" denied the request: no` }],
    [
      "when one more thing is wrong",
      { causes: [...refusal.causes, { reason: "", field: "spec.replicas", message: "no" }] },
    ],
    [
      "when another field is immutable",
      { causes: [{ reason: "", field: "spec.selectors", message: "field is immutable" }] },
    ],
    [
      "when only the author's value speaks of it",
      {
        causes: [
          { reason: "", field: "spec.selector", message: `Invalid value: {"a":"field is immutable"}: is wrong` },
        ],
      },
    ],
    ["when no field is named", { causes: [] }],
    ["when it was no validation", { httpStatus: 409 }],
  ])("%s", (_, more) => {
    expect(replaceableBy({ ...refusal, ...more }, asked, live)).toBeUndefined();
  });

  test("of a kind that nobody knows", () => {
    const custom = { ...asked, apiVersion: "acme.example.com/v1", kind: "Database" };
    expect(
      replaceableBy(refusal, custom, { ...live, apiVersion: custom.apiVersion, kind: custom.kind }),
    ).toBeUndefined();
  });
});
