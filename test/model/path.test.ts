import fc from "fast-check";
import { expect, test } from "vitest";
import { isPath, parsePath } from "../../src/model/path-text.ts";
import { formatPath, overlaps, placesAt, valueAt, type Path, type Step } from "../../src/model/path.ts";

test.each([
  ["spec.replicas", ["spec", "replicas"]],
  [
    "spec.template.spec.containers[name=app].image",
    ["spec", "template", "spec", "containers", { item: { name: "app" } }, "image"],
  ],
  ['metadata.annotations["example.com/a"]', ["metadata", "annotations", "example.com/a"]],
  ['data["0"]', ["data", "0"]],
  ["spec.ports[port=80,protocol=TCP].nodePort", ["spec", "ports", { item: { port: 80, protocol: "TCP" } }, "nodePort"]],
  ['spec.containers[name="8080"]', ["spec", "containers", { item: { name: "8080" } }]],
  ["spec.hostAliases[ip=10.0.0.1]", ["spec", "hostAliases", { item: { ip: "10.0.0.1" } }]],
  ["containers[*].image", ["containers", { any: true }, "image"]],
  ["/spec/replicas", ["spec", "replicas"]],
  [
    "/spec/template/spec/containers[name=app]/image",
    ["spec", "template", "spec", "containers", { item: { name: "app" } }, "image"],
  ],
  [
    "/spec/template/spec/containers/[name=app]/image",
    ["spec", "template", "spec", "containers", { item: { name: "app" } }, "image"],
  ],
  ["/spec/template/spec/containers/*/image", ["spec", "template", "spec", "containers", { any: true }, "image"]],
  ["/metadata/annotations/example.com~1a~0b", ["metadata", "annotations", "example.com/a~b"]],
  ["/spec/volumeMounts[mountPath=/data/x]", ["spec", "volumeMounts", { item: { mountPath: "/data/x" } }]],
])("%s is a path", (text, path) => {
  expect(parsePath(text)).toEqual(path);
});

test.each([
  ["", /^write a field, such as spec/],
  ["/", /^write a field/],
  [".", /^write a field/],
  ["/spec//replicas", /what follows spec/],
  ["spec.replicas.", /what follows spec\.replicas/],
  ["metadata.annotations.example.com/a", /\["a key with dots or slashes"\]/],
  ["spec.containers[0].image", /^write spec\.containers\[name=\.\.\.\] or spec\.containers\[\*\]: a position shifts/],
  ["/spec/containers/0/image", /^write spec\.containers\[name=\.\.\.\]/],
  ["data.0", /a key of a map is written data\["0"\]/],
  ["spec.containers[name=]", /what follows spec\.containers/],
  ["spec.containers[name=a,name=b]", /what follows spec\.containers/],
  ["spec.containers[name=a", /what follows spec\.containers/],
  ["/a~2", /^write a field/],
  ['data["\\q"]', /what follows data/],
])("%j is no path, and what to write is said", (text, problem) => {
  const parsed = parsePath(text);
  expect(isPath(parsed) ? "a path" : parsed.problem).toMatch(problem);
});

const key = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("spec", "a-b", "a.b", "0", "*", "__proto__", ""));
const scalar = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("80", "true", "null", "1e5", "a,b", "a]b", '"', " a", "a ", "-0", "010", "NaN"),
  fc.integer(),
  fc.bigInt({ min: 2n ** 60n, max: 2n ** 63n - 1n }),
  fc.boolean(),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  key,
  fc.record({ item: fc.dictionary(key, scalar, { minKeys: 1, maxKeys: 3, noNullPrototype: true }) }),
  fc.constant({ any: true } as const),
);
const path: fc.Arbitrary<Path> = fc.array(step, { minLength: 1, maxLength: 6 });

test("what is formatted is read back, whatever the keys and values", () => {
  fc.assert(
    fc.property(path, (one) => {
      expect(parsePath(formatPath(one))).toEqual(one);
    }),
    { numRuns: 2000 },
  );
});

test("no text makes the parser crash, and what it reads it can write", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[/.[\]a*0"=,~\\]{0,20}$/));
  fc.assert(
    fc.property(text, (one) => {
      const parsed = parsePath(one);
      expect(isPath(parsed) ? parsePath(formatPath(parsed)) : parsed).toEqual(parsed);
    }),
    { numRuns: 2000 },
  );
});

const POD = {
  containers: [
    {
      name: "app",
      image: "a",
      ports: [
        { containerPort: 80, protocol: "TCP" },
        { containerPort: 80, protocol: "UDP" },
      ],
    },
    { name: "log", image: "b" },
  ],
};

test.each([
  ["containers[*].image", ["containers[0].image", "containers[1].image"]],
  ["containers[name=log].image", ["containers[1].image"]],
  [
    "containers[*].ports[containerPort=80].protocol",
    ["containers[0].ports[0].protocol", "containers[0].ports[1].protocol"],
  ],
  ["containers[*].resources", []],
  ["containers[name=log][*]", ["containers[1].name", "containers[1].image"]],
])("%s names these places of a pod", (pattern, places) => {
  expect(placesAt(POD, read(pattern)).map(formatPath)).toEqual(places);
});

test("a path with a wildcard has no one value", () => {
  expect(valueAt(POD, read("containers[*].image"))).toBeUndefined();
  expect(valueAt(POD, read("containers[name=log].image"))).toBe("b");
});

test("a wildcard overlaps with every key and item", () => {
  expect(overlaps(read("containers[*].image"), read("containers[name=app].image"))).toBe(true);
  expect(overlaps(read("containers[*].image"), read("containers[name=app].name"))).toBe(false);
  expect(overlaps(read("data[*]"), read("data"))).toBe(true);
});

function read(text: string): Path {
  const parsed = parsePath(text);
  if (!isPath(parsed)) throw new Error(parsed.problem);
  return parsed;
}
