import { describe, expect, test } from "vitest";
import { proveInSync, type ProofRules } from "../../src/diff/prover.ts";
import { serverForm } from "../../src/diff/server-form.ts";
import type { JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";

const OURS = { manager: "plumbline", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1" };
const LEAF = {};

/** "proven", or why not. */
function verdict(sent: KubeObject, live: KubeObject, rules?: ProofRules): string {
  const proof = proveInSync(sent, live, rules);
  return proof.proven ? "proven" : proof.because;
}

/** The object as the server has it: with our claims, and those of others after them. */
function held(object: KubeObject, fieldsV1: JsonMap, ...others: readonly JsonMap[]): KubeObject {
  const ours = { ...OURS, apiVersion: object.apiVersion, fieldsV1 };
  const managedFields = [ours, ...others.map((other) => ({ ...OURS, apiVersion: object.apiVersion, ...other }))];
  return { ...object, metadata: { ...object.metadata, uid: "1", managedFields } };
}

const config = (level = `"3"`, more = ""): KubeObject => yml`
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: a, namespace: shop}
  data: {level: ${level}${more}}`;
const LEVEL = { "f:data": { "f:level": LEAF } };

describe("an object is in sync", () => {
  test("when what is sent is what is ours and live", () => {
    expect(verdict(config(), held(config(), LEVEL))).toBe("proven");
  });

  test("whatever others added beside it", () => {
    const live = held(config(`"3"`, `, theirs: x`), LEVEL, {
      manager: "another",
      fieldsV1: { "f:data": { "f:theirs": LEAF } },
    });
    expect(verdict(config(), live)).toBe("proven");
  });

  test("to the last digit of a large number", () => {
    const kettle = (serial: bigint): KubeObject => ({
      ...yml`{apiVersion: example.com/v1, kind: Kettle, metadata: {name: a}}`,
      spec: { serial },
    });
    const live = held(kettle(9007199254740993n), { "f:spec": { "f:serial": LEAF } });
    expect(verdict(kettle(9007199254740993n), live)).toBe("proven");
    expect(verdict(kettle(9007199254740992n), live)).toBe("spec.serial is not as it is sent");
  });
});

describe("there is doubt", () => {
  test.each([
    ["a value is another", config(`"4"`), "data.level is not as it is sent"],
    ["a value is of another type", config("3"), "data.level is not as it is sent"],
    ["a value is null", config("null"), "data.level is null"],
    ["a field is new", config(`"3"`, ", more: x"), "data.more is not ours yet"],
    [
      "a field goes",
      yml`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}, data: {}}`,
      "data has a field of ours that is no longer sent",
    ],
    [
      "a part goes",
      yml`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}}`,
      "the object has a field of ours that is no longer sent",
    ],
    [
      "a label is new",
      yml`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, labels: {a: b}}, data: {level: "3"}}`,
      "metadata is not ours yet",
    ],
  ])("when %s", (_, sent, because) => {
    expect(verdict(sent, held(config(), LEVEL))).toBe(because);
  });

  test("when a field of the same value is not ours yet", () => {
    const live = held(config(`"3"`, ", more: x"), LEVEL);
    expect(verdict(config(`"3"`, ", more: x"), live)).toBe("data.more is not ours yet");
  });

  test("when the object is being deleted", () => {
    const live = held(config(), LEVEL);
    const dying = { ...live, metadata: { ...live.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
    expect(verdict(config(), dying)).toBe("the object is being deleted");
  });

  test.each([
    ["kubectl-client-side-apply", "fields of kubectl-client-side-apply are to be taken over"],
    ["before-first-apply", "fields of before-first-apply are to be taken over"],
    ["plumbline", "fields of plumbline are to be taken over"],
    ["kubectl-edit", "proven"],
  ])("when claims of %s by Update: %s", (manager, expected) => {
    const live = held(config(), LEVEL, { manager, operation: "Update", fieldsV1: { "f:immutable": LEAF } });
    expect(verdict(config(), live)).toBe(expected);
  });

  test("when nothing is ours, or in another version or form", () => {
    const live = held(config(), LEVEL);
    const withEntry = (entry: JsonMap): KubeObject => ({
      ...live,
      metadata: { ...live.metadata, managedFields: [{ ...OURS, fieldsV1: LEVEL, ...entry }] },
    });
    expect(verdict(config(), withEntry({ manager: "another" }))).toBe("we have not applied it yet");
    expect(verdict(config(), withEntry({ fieldsType: "FieldsV2" }))).toBe("our claims are in a form we do not know");
    expect(verdict(config(), withEntry({ apiVersion: "v2" }), { apiVersions: ["v2"] })).toBe(
      "it was applied by us in another version",
    );
  });

  test("when another claims fields of a version that may be gone, unless it is known to be served", () => {
    const live = held(config(), LEVEL, { manager: "another", apiVersion: "v0", fieldsV1: { "f:immutable": LEAF } });
    expect(verdict(config(), live)).toBe("another claims fields of version v0, which may be gone");
    expect(verdict(config(), live, { apiVersions: ["v0"] })).toBe("proven");
  });
});

describe("a list with keys", () => {
  const service = (ports: string): KubeObject => yml`
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {ports: [${ports}]}`;
  const http = "{name: http, port: 80, protocol: TCP}";
  const dns = "{name: dns, port: 53, protocol: UDP}";
  const claims = {
    "f:spec": {
      "f:ports": {
        ".": {},
        'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:name": LEAF, "f:port": LEAF },
        'k:{"port":53,"protocol":"UDP"}': { ".": {}, "f:name": LEAF, "f:port": LEAF, "f:protocol": LEAF },
      },
    },
  };
  const live = held(service(`${http}, {name: theirs, port: 1, protocol: TCP}, ${dns}`), claims);

  test.each([
    ["in the same order, a key left to the server", `{name: http, port: 80}, ${dns}`, "proven"],
    ["in another order", `${dns}, {name: http, port: 80}`, "spec.ports has its items in another order"],
    ["with a key that was the server's until now", `${http}, ${dns}`, "spec.ports has other items than are sent"],
    [
      "without a key that we own",
      `{name: http, port: 80}, {name: dns, port: 53}`,
      "spec.ports has other items than are sent",
    ],
    ["with an item less", `{name: http, port: 80}`, "spec.ports has other items than are sent"],
    [
      "with an item twice",
      `{name: http, port: 80}, {name: http, port: 80}`,
      "spec.ports has its items in another order",
    ],
    ["with a key of another type", `{name: http, port: "80"}, ${dns}`, "spec.ports has other items than are sent"],
    [
      "with another value",
      `{name: web, port: 80}, ${dns}`,
      "spec.ports[port=80,protocol=TCP].name is not as it is sent",
    ],
    [
      "with a field less",
      `{port: 80}, ${dns}`,
      "spec.ports[port=80,protocol=TCP] has a field of ours that is no longer sent",
    ],
  ])("%s", (_, ports, expected) => {
    expect(verdict(service(ports), live)).toBe(expected);
  });

  test("is doubted when live items cannot be told apart", () => {
    const twice = held(service(`${http}, ${http}, ${dns}`), claims);
    expect(verdict(service(`{name: http, port: 80}, ${dns}`), twice)).toBe("spec.ports has its items in another order");
  });

  test("is proven in one pass, however long", () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `n${index}`);
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a" } };
    const many = { ...pod, spec: { imagePullSecrets: names.map((name) => ({ name })) } } as unknown as KubeObject;
    const owned = Object.fromEntries(names.map((name) => [`k:{"name":"${name}"}`, LEAF]));
    expect(verdict(many, held(many, { "f:spec": { "f:imagePullSecrets": owned } }))).toBe("proven");
  });
});

test("a set of scalars keeps its order and its members", () => {
  const kettle = (colours: string): KubeObject =>
    yml`{apiVersion: example.com/v1, kind: Kettle, metadata: {name: a}, spec: {colours: [${colours}]}}`;
  const claims = { "f:spec": { "f:colours": { 'v:"red"': LEAF, 'v:"blue"': LEAF } } };
  const live = held(kettle("red, white, blue"), claims);
  expect(verdict(kettle("red, blue"), live)).toBe("proven");
  expect(verdict(kettle("blue, red"), live)).toBe("spec.colours has its items in another order");
  expect(verdict(kettle("red, red"), live)).toBe("spec.colours has its items in another order");
  expect(verdict(kettle("red, white"), live)).toBe("spec.colours has other items than are sent");
  expect(verdict(kettle("red"), live)).toBe("spec.colours has other items than are sent");
});

describe("other spellings of what is stored", () => {
  const quota = (cpu: string): KubeObject =>
    yml`{apiVersion: v1, kind: ResourceQuota, metadata: {name: a}, spec: {hard: {cpu: ${cpu}}}}`;
  const claims = { "f:spec": { "f:hard": { "f:cpu": LEAF } } };

  test.each(["1000m", "1", `"1"`, `1.0e0`])("%s is in sync with 1", (cpu) => {
    expect(verdict(quota(cpu), held(quota(`"1"`), claims))).toBe("proven");
  });

  test("are doubted where another claims the same: it would lose the claim", () => {
    const shared = held(quota(`"1"`), claims, { manager: "another", operation: "Update", fieldsV1: claims });
    expect(verdict(quota("1000m"), shared)).toBe("spec.hard.cpu is spelled otherwise by another manager");
    expect(verdict(quota(`"1"`), shared)).toBe("proven");
  });

  test("are doubted where another applied after us: our entry would change places with theirs", () => {
    const live = held(quota(`"1"`), claims, {
      manager: "another",
      fieldsV1: { "f:metadata": { "f:labels": { "f:a": LEAF } } },
    });
    expect(verdict(quota("1000m"), live)).toBe(
      "spec.hard.cpu is spelled otherwise, and another manager applied after us",
    );
    expect(verdict(quota(`"1"`), live)).toBe("proven");
  });

  test("leave the object as it is where there is nothing to spell otherwise", () => {
    const object = quota(`"1"`);
    expect(serverForm(object)).toBe(object);
    const kettle = yml`{apiVersion: example.com/v1, kind: ResourceQuota, metadata: {name: a}, spec: {hard: {cpu: 1000m}}}`;
    expect(serverForm(kettle)).toBe(kettle);
  });

  test("have the defaults of parts that are owned as a whole", () => {
    const policy = yml`
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a}
      spec: {podSelector: {}, ingress: [{ports: [{port: 80}]}]}`;
    expect(serverForm(policy)["spec"]).toEqual({
      podSelector: {},
      ingress: [{ ports: [{ port: 80, protocol: "TCP" }] }],
    });
  });

  test("fill the limits of containers one from another", () => {
    const range = yml`
      apiVersion: v1
      kind: LimitRange
      metadata: {name: a}
      spec: {limits: [{type: Container, max: {cpu: 2000m}, min: {memory: 1024Ki}}, {type: Pod, max: {cpu: 2}}]}`;
    expect(serverForm(range)["spec"]).toEqual({
      limits: [
        {
          type: "Container",
          max: { cpu: "2" },
          min: { memory: "1Mi" },
          default: { cpu: "2" },
          defaultRequest: { cpu: "2", memory: "1Mi" },
        },
        { type: "Pod", max: { cpu: "2" } },
      ],
    });
  });
});

describe("empty values that the server does not store", () => {
  const deployment = (container: string, pod = ""): KubeObject => yml`
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: a}
    spec: {template: {spec: {containers: [{name: c${container}}]${pod}}}}`;
  const claims = (more: JsonMap): JsonMap => ({
    "f:spec": {
      "f:template": { "f:spec": { "f:containers": { 'k:{"name":"c"}': { ".": {}, "f:name": LEAF, ...more } } } },
    },
  });

  test("are in sync with their absence", () => {
    expect(verdict(deployment(`, workingDir: ""`), held(deployment(""), claims({ "f:workingDir": LEAF })))).toBe(
      "proven",
    );
  });

  test("are doubted when of a type that the server would refuse", () => {
    const live = held(deployment(""), claims({ "f:workingDir": LEAF }));
    expect(verdict(deployment(`, workingDir: 0`), live)).toMatch(/workingDir is gone$/);
  });

  test("claim nothing as lists with keys", () => {
    expect(verdict(deployment("", ", volumes: []"), held(deployment(""), claims({})))).toBe("proven");
    expect(verdict(deployment("", `, volumes: ""`), held(deployment(""), claims({})))).toMatch(
      /volumes is not ours yet$/,
    );
  });

  test("are a change where the generation counts them", () => {
    const policy = (egress: string): KubeObject =>
      yml`{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {podSelector: {}${egress}}}`;
    const live = held(policy(""), { "f:spec": { "f:podSelector": LEAF, "f:egress": LEAF } });
    expect(verdict(policy(", egress: []"), live)).toBe("spec.egress is gone");
  });

  test("are a change in custom kinds", () => {
    const kettle = (more: string): KubeObject =>
      yml`{apiVersion: example.com/v1, kind: Kettle, metadata: {name: a${more}}}`;
    const live = held(kettle(""), { "f:metadata": { "f:labels": LEAF } });
    expect(verdict(kettle(", labels: {}"), live)).toBe("metadata.labels is gone");
  });

  test("of labels and annotations add nothing to those of others", () => {
    const notes = (text: string): KubeObject =>
      yml`{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {${text}}}}`;
    expect(verdict(notes(""), held(notes("by: another"), { "f:metadata": { "f:annotations": LEAF } }))).toBe("proven");
  });

  test("of a part that may be owned as a whole are doubted", () => {
    const service = (text: string): KubeObject =>
      yml`{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {${text}}}}`;
    expect(verdict(service(""), held(service("app: web"), { "f:spec": { "f:selector": LEAF } }))).toBe(
      "spec.selector is not as it is sent",
    );
  });
});

test("an object that says nothing beyond its name is in sync with whatever somebody applied", () => {
  const bare = yml`{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}`;
  const live = (managedFields: readonly JsonMap[], more: JsonMap = {}): KubeObject =>
    ({ ...bare, ...more, metadata: { ...bare.metadata, uid: "1", managedFields } }) as unknown as KubeObject;
  expect(verdict(bare, live([]))).toBe("proven");
  expect(verdict(bare, live([], { data: { a: "b" } }))).toBe("nobody has applied it yet");
  const another = { ...OURS, manager: "another", fieldsV1: { "f:data": { "f:a": LEAF } } };
  expect(verdict(bare, live([another], { data: { a: "b" } }))).toBe("proven");
});

test("values are not part of a doubt", () => {
  const secret = (value: string): KubeObject =>
    yml`{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {key: ${value}}}`;
  const live = held(secret("c2VjcmV0"), { "f:data": { "f:key": LEAF } });
  expect(verdict(secret("b3RoZXI="), live)).toBe("data.key is not as it is sent");
});
