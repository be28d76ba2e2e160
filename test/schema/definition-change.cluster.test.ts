import { describe, expect, onTestFinished, test } from "vitest";
import type { KubeObject, SourceObject } from "../../src/model/object.ts";
import { formatJson, parseJson } from "../../src/model/json.ts";
import { definitionChange, type DefinitionChange } from "../../src/schema/definition-change.ts";
import { lostVersions } from "../../src/schema/stored-versions.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { wait } from "../cluster/wait.ts";
import { yml } from "../support/yml.ts";

interface Shape {
  readonly versions?: readonly string[];
  readonly scope?: string;
}

/** Of a group that no other test has. The first version is the one in storage. */
function gadgets(
  namespace: string,
  properties: string,
  { versions = ["v1"], scope = "Namespaced" }: Shape = {},
): KubeObject {
  const schema = `{openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: ${properties}}}}}`;
  const list = versions.map(
    (name, index) => `{name: ${name}, served: true, storage: ${index === 0}, schema: ${schema}}`,
  );
  return yml`
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: gadgets.${namespace}.example.com}
    spec:
      group: ${namespace}.example.com
      scope: ${scope}
      names: {plural: gadgets, singular: gadget, kind: Gadget}
      versions: [${list.join(", ")}]
  `;
}

const gadget = (namespace: string, name: string, spec: string, version = "v1"): KubeObject => yml`
  apiVersion: ${namespace}.example.com/${version}
  kind: Gadget
  metadata: {name: ${name}, namespace: ${namespace}}
  spec: ${spec}
`;

const APPLY = ["apply", "--server-side", "--force-conflicts", "-f", "-"];

async function apply(...objects: readonly KubeObject[]): Promise<void> {
  await kubectl(APPLY, { input: objects.map((object) => formatJson(object)).join("\n---\n") });
}

async function refusal(object: KubeObject): Promise<string> {
  const answer = kubectl([...APPLY, "--dry-run=server"], { input: formatJson(object) });
  return answer.then(() => "accepted", String);
}

async function establish(definition: KubeObject): Promise<void> {
  const { name } = definition.metadata;
  await apply(definition);
  onTestFinished(async () => void (await kubectl(["delete", "crd", name, "--wait=false"])));
  await kubectl(["wait", "--for=condition=Established", "--timeout=20s", "crd", name]);
}

async function change(
  before: KubeObject,
  after: KubeObject,
  written: readonly SourceObject[] = [],
): Promise<DefinitionChange> {
  const { name } = before.metadata;
  const live = parseJson(await kubectl(["get", name, "-A", "-o", "json", "--show-managed-fields"])) as unknown as {
    readonly items: readonly KubeObject[];
  };
  return {
    before: parseJson(await kubectl(["get", "crd", name, "-o", "json"])) as KubeObject,
    after,
    live: live.items,
    written,
  };
}

const at = { file: "crd.yaml", line: 1, column: 1 };

describe("a definition whose schema changes", () => {
  test("names the live objects that it would refuse, and the server lets them be until the field is written", async () => {
    const namespace = await freshNamespace();
    const before = gadgets(namespace, "{size: {type: integer}, color: {type: string}}");
    const after = gadgets(namespace, "{size: {type: integer, minimum: 5}, color: {type: string}}");
    await establish(before);
    await apply(gadget(namespace, "small", "{size: 1}"), gadget(namespace, "large", "{size: 9}"));
    const problems = definitionChange(await change(before, after));
    expect(problems.map(({ code, level, message }) => `${level} ${code}: ${message}`)).toEqual([
      `caution definition-changes: apiextensions.k8s.io/CustomResourceDefinition gadgets.${namespace}.example.com: its new schema would refuse 1 of 2 live objects: ${namespace}.example.com/Gadget ${namespace}/small (spec.size: should be greater than or equal to 5)`,
    ]);
    await apply(after);
    await wait({
      what: "the new schema",
      within: 20_000,
      of: [],
      until: async () =>
        (await refusal(gadget(namespace, "fresh", "{size: 1}"))).includes("greater than or equal to 5"),
    });
    expect(await refusal(gadget(namespace, "small", "{size: 1, color: red}"))).toBe("accepted");
    expect(await refusal(gadget(namespace, "small", "{size: 2}"))).toContain("greater than or equal to 5");
  });

  test("to another type names the live objects, which nobody can apply to any more", async () => {
    const namespace = await freshNamespace();
    const before = gadgets(namespace, "{size: {type: string}, color: {type: string}}");
    const after = gadgets(namespace, "{size: {type: integer}, color: {type: string}}");
    await establish(before);
    await apply(gadget(namespace, "old", "{size: large}"));
    const corrected = gadget(namespace, "old", "{size: 3}");
    const problems = definitionChange(await change(before, after, [{ object: corrected, at }]));
    expect(problems.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      `caution: apiextensions.k8s.io/CustomResourceDefinition gadgets.${namespace}.example.com: its new schema makes the server refuse to apply anything to 1 of 1 live object: ${namespace}.example.com/Gadget ${namespace}/old (spec.size: expected numeric (int or float), got string)`,
      `blocker: ${namespace}.example.com/Gadget ${namespace}/old: the live object is not of the types of its definition's new schema, so the server will refuse to apply to it`,
      `caution: ${namespace}.example.com/Gadget ${namespace}/old: was dry-run against the old schema of apiextensions.k8s.io/CustomResourceDefinition gadgets.${namespace}.example.com, which this change replaces`,
    ]);
    await apply(after);
    await wait({
      what: "the new schema",
      within: 20_000,
      of: [],
      until: async () => (await refusal(gadget(namespace, "fresh", "{size: large}"))).includes("expected numeric"),
    });
    expect(await refusal(corrected)).toContain("failed to create typed live object");
  });

  test("names the fields that it drops, and they are gone at once for whoever reads", async () => {
    const namespace = await freshNamespace();
    const before = gadgets(namespace, "{size: {type: integer}, color: {type: string}}");
    const after = gadgets(namespace, "{size: {type: integer}}");
    await establish(before);
    await apply(gadget(namespace, "red", "{size: 1, color: red}"), gadget(namespace, "plain", "{size: 1}"));
    expect(definitionChange(await change(before, after)).map(({ message }) => message)).toEqual([
      `apiextensions.k8s.io/CustomResourceDefinition gadgets.${namespace}.example.com: its new schema drops fields of 1 of 2 live objects: ${namespace}.example.com/Gadget ${namespace}/red (spec.color)`,
    ]);
    await apply(after);
    const color = ["-n", namespace, "get", `gadgets.${namespace}.example.com`, "red", "-o", "jsonpath={.spec}"];
    await wait({
      what: "the field gone",
      within: 20_000,
      of: [],
      until: async () => (await kubectl(color)) === '{"size":1}',
    });
  });

  test("labels the objects of the same change, and refuses those that the new schema refuses", async () => {
    const namespace = await freshNamespace();
    const before = gadgets(namespace, "{size: {type: integer}}");
    const after = gadgets(
      namespace,
      "{size: {type: integer, maximum: 3}, rule: {type: string, x-kubernetes-validations: [{rule: \"self != 'x'\"}]}}",
    );
    await establish(before);
    const written = [
      { object: gadget(namespace, "a", "{size: 9}"), at },
      { object: gadget(namespace, "b", "{size: 1, rule: y}"), at },
    ];
    const problems = definitionChange(await change(before, after, written));
    expect(problems.map(({ code, level }) => `${level} ${code}`)).toEqual([
      "caution definition-changes",
      "blocker invalid-object",
      "caution definition-changes",
      "caution rules-not-evaluated",
    ]);
    expect(problems[1]?.message).toBe(
      `${namespace}.example.com/Gadget ${namespace}/a: spec.size: should be less than or equal to 3`,
    );
    expect(definitionChange(await change(before, before, written))).toEqual([]);
  });
});

describe("a definition that loses a version", () => {
  test("is refused while objects may be stored in it, by the server's dry-run as well", async () => {
    const namespace = await freshNamespace();
    const before = gadgets(namespace, "{size: {type: integer}}", { versions: ["v1", "v2"] });
    const after = gadgets(namespace, "{size: {type: integer}}", { versions: ["v2"] });
    await establish(before);
    await apply(gadget(namespace, "old", "{size: 1}"));
    expect(lostVersions(await change(before, after))).toMatchObject([
      {
        code: "stored-version-dropped",
        level: "blocker",
        message: `apiextensions.k8s.io/CustomResourceDefinition gadgets.${namespace}.example.com: drops version v1, in which objects may still be stored (status.storedVersions: v1)`,
        remedy: "write every object anew as v2, take v1 out of status.storedVersions, then drop it",
      },
      {
        code: "definition-changes",
        message: `apiextensions.k8s.io/CustomResourceDefinition gadgets.${namespace}.example.com: version v1 is no longer served, but live objects were written through it by kubectl`,
      },
    ]);
    expect(await refusal(after)).toContain('status.storedVersions[0]: Invalid value: "v1"');
  });

  test("is only told who used it when nothing is stored in it; the server says nothing", async () => {
    const namespace = await freshNamespace();
    const before = gadgets(namespace, "{size: {type: integer}}", { versions: ["v2", "v1"] });
    const after = gadgets(namespace, "{size: {type: integer}}", { versions: ["v2"] });
    await establish(before);
    expect(lostVersions(await change(before, after))).toEqual([]);
    await apply(gadget(namespace, "old", "{size: 1}", "v1"));
    expect(lostVersions(await change(before, after)).map(({ code, level }) => `${level} ${code}`)).toEqual([
      "caution definition-changes",
    ]);
    expect(await refusal(after)).toBe("accepted");
  });

  test("may not change its scope either", async () => {
    const namespace = await freshNamespace();
    const before = gadgets(namespace, "{size: {type: integer}}");
    const after = gadgets(namespace, "{size: {type: integer}}", { scope: "Cluster" });
    await establish(before);
    expect(lostVersions(await change(before, after)).map(({ code, level }) => `${level} ${code}`)).toEqual([
      "blocker immutable-field",
    ]);
    expect(await refusal(after)).toContain("spec.scope: Invalid value");
  });
});
