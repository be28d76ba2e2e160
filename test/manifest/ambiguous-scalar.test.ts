import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseManifests } from "../../src/manifest/parse.ts";
import { dedent } from "../support/yml.ts";

/** What is said of ambiguous scalars in a file: `4:15 data.a of ConfigMap a is read as ...; remedy`. */
function ambiguous(text: string): readonly string[] {
  return parseManifests(dedent(text), "web.yaml")
    .problems.filter(({ code }) => code === "ambiguous-scalar")
    .map(({ at, message, remedy }) => `${at?.line}:${at?.column} ${message.replace("web.yaml: ", "")}; ${remedy}`);
}

const CONFIG = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: ";
const RELEASE = "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a}, spec: {values: ";

describe("text places of built-in kinds", () => {
  test.each([
    ["{DEBUG: on}", "data.DEBUG of ConfigMap a is read as a truth value, and only text is allowed"],
    ["{DEBUG: True}", "data.DEBUG of ConfigMap a is read as a number or truth value, and only text is allowed"],
    ["{SIZE: 0123}", "data.SIZE of ConfigMap a is read as an octal number, and only text is allowed"],
    ["{SIZE: 1_000}", "data.SIZE of ConfigMap a is read as a number, and only text is allowed"],
    ["{SHA: 12e4}", "data.SHA of ConfigMap a is read as a number, and only text is allowed"],
    ["{on: x}", "the key data.true of ConfigMap a is not written as it is read"],
    ["{1.10: x}", 'the key data["1.1"] of ConfigMap a is not written as it is read'],
  ])("%s", (data, message) => {
    expect(ambiguous(`${CONFIG}${data}}`).join("\n")).toContain(message);
  });

  test.each([
    "{DEBUG: 'on'}",
    "{T: 12:30}",
    "{D: 2001-12-14}",
    "{A: yes please}",
    "{A: }",
    "{A: 10.0.0.1}",
    "{'on': x}",
  ])("%s is text and nothing else", (data) => {
    expect(ambiguous(`${CONFIG}${data}}`)).toEqual([]);
  });

  test("labels, variables and arguments of pods are texts", () => {
    const found = ambiguous(`
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: yes}}
        template:
          metadata: {labels: {app: yes}}
          spec:
            hostNetwork: no
            nodeSelector: {disk: 1}
            containers:
              - name: web
                args: [--port, 8080]
                env: [{name: PORT, value: 8080}]
                resources: {limits: {cpu: 0.10, memory: 1e3}}
            volumes: [{name: a, secret: {defaultMode: 0400}}]
    `);
    expect(found.map((line) => line.split(" of ")[0])).toEqual([
      "6:33 spec.selector.matchLabels.app",
      "8:30 spec.template.metadata.labels.app",
      "11:28 spec.template.spec.nodeSelector.disk",
      "14:26 spec.template.spec.containers[0].args[1]",
      "15:37 spec.template.spec.containers[0].env[0].value",
    ]);
  });

  test("an item of a List is told by its own name", () => {
    expect(ambiguous(`{apiVersion: v1, kind: List, items: [${CONFIG}{A: no}}]}`)).toEqual([
      "1:103 data.A of ConfigMap a is read as a truth value, and only text is allowed; put it in quotes, or write true or false",
    ]);
  });
});

describe("custom kinds", () => {
  test.each([
    [
      "{countries: [de, no, se]}",
      "spec.values.countries[1] of helm.toolkit.fluxcd.io/HelmRelease a is read as a truth value",
    ],
    ["{image: {tag: 1.10}}", "is read as a number, and does not come out as it is written; put it in quotes"],
    ["{targetRevision: 1e3}", "is read as a number, and does not come out as it is written"],
    ["{uid: 0123}", "is read as an octal number; put it in quotes, or leave out the leading zero"],
    ["{point: {x: 1, y: 2}}", "the key spec.values.point.true of helm.toolkit.fluxcd.io/HelmRelease a"],
  ])("%s", (values, message) => {
    expect(ambiguous(`${RELEASE}${values}}}`).join("\n")).toContain(message);
  });

  test.each([
    "{enabled: yes}",
    "{flags: [on, off]}",
    "{mode: 0644}",
    "{cpu: 1.50}",
    "{masks: [0x1F]}",
    "{image: {tag: 1.1}}",
  ])("%s does no harm", (values) => {
    expect(ambiguous(`${RELEASE}${values}}}`)).toEqual([]);
  });
});

test("no value is repeated", () => {
  expect(
    ambiguous("{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {PIN: 047110815}}").join(),
  ).not.toMatch(/47110815/);
});

test("a file of nothing else is told some of them and the number of the others", () => {
  const data = Array.from({ length: 500 }, (_, index) => `k${index}: on`).join(", ");
  const found = parseManifests(`${CONFIG}{${data}}}`, "web.yaml").problems;
  expect(found).toHaveLength(21);
  expect(found[20]?.message).toBe(
    "web.yaml: 480 more values or keys without quotes are read otherwise than they are written",
  );
});

test("ordinary manifests give no caution", () => {
  const root = join(import.meta.dirname, "..");
  const files = globSync("{flow/corpus,demo/shop,cluster/stages}/**/*.yaml", { cwd: root });
  const problems = files.flatMap((file) => parseManifests(readFileSync(join(root, file), "utf8"), file).problems);
  expect(files.length).toBeGreaterThan(15);
  expect(problems.filter(({ code }) => code === "ambiguous-scalar")).toEqual([]);
});
