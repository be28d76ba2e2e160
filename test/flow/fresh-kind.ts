import { onTestFinished } from "vitest";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";

/** A custom kind that no other test has, and whose definition goes when the test is over. */
export interface FreshKind {
  readonly namespace: string;
  /** The kind's name in lower case, without its beginning. */
  readonly name: string;
  /** The name of its definition. */
  readonly crd: string;
  /** The definition as a document of its own; `properties` are those of `spec`, `more` stands beside them in its schema; in flow style. */
  readonly definition: (properties: string, more?: string) => string;
  /** An object `w` of the kind as a document of its own. */
  readonly object: (spec: string) => string;
}

const GROUP = "fresh.example.com";

export async function freshKind(): Promise<FreshKind> {
  const namespace = await freshNamespace();
  const name = namespace.replaceAll(/[^a-z0-9]/g, "x");
  const crd = `${name}s.${GROUP}`;
  onTestFinished(async () => {
    await kubectl(["delete", "crd", crd, "--ignore-not-found", "--wait=false"]);
  });
  return {
    namespace,
    name,
    crd,
    definition: (properties, more = "") => `
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${crd}}
spec:
  group: ${GROUP}
  scope: Namespaced
  names: {plural: ${name}s, kind: Kind${name}}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: {spec: {type: object, properties: {${properties}}${more === "" ? "" : `, ${more}`}}}
`,
    object: (spec) => `
---
apiVersion: ${GROUP}/v1
kind: Kind${name}
metadata: {name: w}
spec: ${spec}
`,
  };
}
