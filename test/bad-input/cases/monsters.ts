import { everywhere, type BadInputs } from "../bad-input.ts";
import { configMap } from "./config-map.ts";

const HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n";

/** Nine levels of nine aliases each: 180 bytes that stand for 387 million values. */
const BOMB = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
  .map(
    (name, index, names) =>
      `${name}: &${name} [${Array(9)
        .fill(index === 0 ? "x" : `*${names[index - 1]}`)
        .join(", ")}]\n`,
  )
  .join("");

/** Files that are made to stall, to fill the memory, or to look like something else. */
export const MONSTERS: BadInputs = {
  "fifty-thousand-documents": {
    change: { "app/web.yaml": `${configMap("web")}---\n`.repeat(50_001) },
    ends: everywhere(3),
  },
  "file-of-twenty-megabytes": {
    change: { "app/web.yaml": `${HEAD}data:\n${"  # nothing\n".repeat(1_700_000)}` },
    ends: everywhere(3),
  },
  "alias-bomb": { change: { "app/web.yaml": HEAD + BOMB }, ends: everywhere(3) },
  "nested-brackets": { change: { "app/web.yaml": `${HEAD}data: ${"[".repeat(3_000)}\n` }, ends: everywhere(3) },
  "nested-brackets-in-json": {
    change: { "app/web.json": `{"apiVersion": "v1", "data": ${'{"a":'.repeat(3_000)}` },
    ends: everywhere(3),
  },
  "endless-line": {
    change: { "app/web.yaml": configMap("web").replace("a: b", `a: ${"x".repeat(4_000_001)}`) },
    ends: everywhere(3),
  },
  "line-of-a-megabyte": {
    change: { "app/web.yaml": configMap("web").replace("a: b", `a: ${"x".repeat(1_000_000)}`) },
    ends: { "pull request": 0, "plumb plan": 1 },
  },
  "invalid-utf8": {
    change: {
      "app/web.yaml": Buffer.concat([Buffer.from(`${HEAD}data: {a: caf`), Buffer.from([0xe9]), Buffer.from("}\n")]),
    },
    ends: everywhere(3),
  },
  "nul-character": { change: { "app/web.yaml": `${HEAD}data: {a: "b\0c"}\n` }, ends: everywhere(3) },
  "name-that-runs-backwards": {
    change: { "app/web.yaml": configMap("web").replace("name: web", 'name: "we\\u202Eb"') },
    ends: everywhere(3),
  },
  "control-character": {
    change: { "app/web.yaml": configMap("web").replace("a: b", "a: \u0007bell") },
    ends: everywhere(3),
  },
  "value-that-runs-backwards": {
    change: {
      "app/web.yaml": configMap("web").replace("a: b", 'a: is\u202eadmin, b: "\\u001b[31mred\\n::error::x"'),
    },
    ends: { "pull request": 0, "plumb plan": 1 },
  },
  "keys-of-a-prototype": {
    change: {
      "app/web.yaml": `${HEAD}data: {__proto__: a, constructor: b, toString: c, hasOwnProperty: d}\n__proto__: {polluted: "yes"}\n`,
    },
    ends: everywhere(3),
  },
  "keys-of-a-prototype-in-the-cluster": {
    before: {
      ".github/plumbline.yaml": `version: 1
defaults:
  namespace: $NAMESPACE
  ignore: [{kind: ConfigMap, paths: [/data/__proto__, /metadata/annotations/constructor]}]
environments: {test: {}}
apps: {web: {path: app}}
system: {namespace: $NAMESPACE-system}
`,
    },
    applied: true,
    given: async ({ exists }) =>
      exists(`apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: $NAMESPACE, annotations: {constructor: a, toString: b}}
data: {__proto__: a, constructor: b, hasOwnProperty: c}
`),
    change: { "app/web.yaml": configMap("web").replace("a: b", "constructor: a, toString: b, hasOwnProperty: c") },
    ends: { "pull request": 0, "plumb plan": 1 },
  },
  "key-of-a-prototype-in-a-schema": {
    change: {
      "app/web.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: monsters.$NAMESPACE.example}
spec:
  group: $NAMESPACE.example
  scope: Namespaced
  names: {plural: monsters, kind: Monster}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {constructor: {type: object, properties: {toString: {type: integer, format: int64}}}}}}
---
apiVersion: $NAMESPACE.example/v1
kind: Monster
metadata: {name: web}
constructor: {toString: 9007199254740993}
---
apiVersion: $NAMESPACE.example/v1
kind: Monster
metadata: {name: other}
constructor: {valueOf: 1, toString: "1"}
`,
    },
    ends: { "pull request": 3, "plumb plan": 3 },
  },
  "integers-beyond-a-double": {
    change: {
      "app/web.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {activeDeadlineSeconds: 9007199254740993, containers: [{name: a, image: 'a:1'}]}\n",
    },
    ends: everywhere(3),
  },
};
