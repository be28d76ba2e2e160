import { describe, expect, test } from "vitest";
import type { Json, JsonMap } from "../../src/model/json.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { formatPath, valueAt, type Path } from "../../src/model/path.ts";
import { absorbed } from "../../src/diff/absorbed.ts";
import { hold, type HoldOptions } from "../../src/diff/held.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { yml } from "../support/yml.ts";
import { adminCluster, liveObject, type LiveObject } from "./live.ts";

const REPLICAS: Path = ["spec", "replicas"];
const CONTAINERS: Path = ["spec", "template", "spec", "containers"];
const WEB: Path = [...CONTAINERS, { item: { name: "web" } }];

interface Scene {
  readonly object: LiveObject;
  readonly inNamespace: (object: KubeObject) => KubeObject;
  readonly dryRun: (desired: KubeObject) => ReturnType<LiveObject["dryRun"]>;
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  /** Applies what is left of an object of Git when the fields at the paths are held. */
  readonly applyHolding: (desired: KubeObject, paths: readonly Path[], options?: HoldOptions) => Promise<Applied>;
}

interface Applied {
  readonly live: KubeObject;
  /** One line per held field: `spec.replicas: git 3, live 7`. */
  readonly held: readonly string[];
}

/** An object in a namespace of its own, nothing applied yet. */
async function scene(of: KubeObject): Promise<Scene> {
  const namespace = await freshNamespace();
  const inNamespace = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, namespace },
  });
  const object = await liveObject(await adminCluster(), inNamespace(of));
  return {
    object,
    inNamespace,
    dryRun: (desired) => object.dryRun(inNamespace(desired)),
    kubectl: (...args) => kubectl(["-n", namespace, ...args]),
    applyHolding: async (desired, paths, options) => {
      const { sent, held } = hold(inNamespace(desired), await object.read(), paths, options);
      const answer = await object.apply(sent);
      if (answer.kind === "refused") throw new Error(answer.refusal.message);
      return {
        live: answer.object,
        held: held.map(({ path, git, live }) => `${formatPath(path)}: git ${text(git)}, live ${text(live)}`),
      };
    },
  };
}

function text(value: Json | undefined): string {
  return JSON.stringify(value) ?? "-";
}

async function applied(desired: KubeObject): Promise<Scene> {
  const made = await scene(desired);
  await made.object.apply(made.inNamespace(desired));
  return made;
}

function web(spec: JsonMap, container: JsonMap = {}, metadata: JsonMap = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", ...metadata },
    spec: {
      ...spec,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "web:1", ...container }] },
      },
    },
  };
}

describe("replicas that an autoscaler looks after stay as they are", () => {
  test("when only we own them and Git drops them", async () => {
    const { dryRun, applyHolding } = await applied(web({ replicas: 4 }));
    const { live, held } = await applyHolding(web({}), [REPLICAS]);
    expect(valueAt(live, REPLICAS)).toBe(4);
    expect(held).toEqual(["spec.replicas: git -, live 4"]);
    // Without that the server sets them back.
    const plain = await dryRun(web({}));
    expect(plain.kind === "accepted" && valueAt(plain.object, REPLICAS)).toBe(1);
  });

  test("when only we own them and Git has another number", async () => {
    const { applyHolding } = await applied(web({ replicas: 4 }));
    const { live, held } = await applyHolding(web({ replicas: 2 }), [REPLICAS]);
    expect(valueAt(live, REPLICAS)).toBe(4);
    expect(held).toEqual(["spec.replicas: git 2, live 4"]);
  });

  test("when the autoscaler has taken them from us", async () => {
    const { kubectl: run, applyHolding } = await applied(web({ replicas: 4 }));
    await run("scale", "deployment/web", "--replicas=7");
    const { live } = await applyHolding(web({ replicas: 2 }, { image: "web:2" }), [REPLICAS]);
    expect(valueAt(live, REPLICAS)).toBe(7);
    expect(valueAt(live, [...WEB, "image"])).toBe("web:2");
    const scale = live.metadata.managedFields?.find(({ subresource }) => subresource === "scale");
    expect(scale?.fieldsV1).toEqual({ "f:spec": { "f:replicas": {} } });
  });

  test("when they come to us from kubectl's client-side apply", async () => {
    const { object, inNamespace, kubectl: run } = await scene(web({}));
    await kubectl(["apply", "-f", "-"], { input: JSON.stringify(inNamespace(web({ replicas: 4 }))) });
    expect(await run("get", "deployment/web", "-o", "jsonpath={.spec.replicas}")).toBe("4");
    const before = await object.read();
    const { sent } = hold(inNamespace(web({})), before, [REPLICAS], {
      absorbed: absorbed(before, { adopting: false }),
    });
    const answer = await object.migrate(sent, { adopting: false });
    expect(answer.kind === "accepted" && valueAt(answer.object, REPLICAS)).toBe(4);
  });
});

describe("an item of a list that is left to others", () => {
  const ENV = [...WEB, "env"];
  const first: Path = [...ENV, { item: { name: "A" } }];
  const names = (live: KubeObject): readonly string[] =>
    (valueAt(live, ENV) as readonly { readonly name: string; readonly value: string }[]).map(
      ({ name, value }) => `${name}=${value}`,
    );

  test("keeps the value that another manager gave it, while the others follow Git", async () => {
    const { kubectl: run, applyHolding } = await applied(
      web(
        {},
        {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "1" },
          ],
        },
      ),
    );
    await run("set", "env", "deployment/web", "A=theirs");
    const { live, held } = await applyHolding(
      web(
        {},
        {
          env: [
            { name: "A", value: "2" },
            { name: "B", value: "2" },
          ],
        },
      ),
      [first],
    );
    expect(names(live)).toEqual(["A=theirs", "B=2"]);
    expect(held).toEqual([`${formatPath(first)}.value: git "2", live "theirs"`]);
  });

  test("stays in its place when only we own it and Git drops it", async () => {
    const { applyHolding } = await applied(
      web(
        {},
        {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "1" },
          ],
        },
      ),
    );
    const { live } = await applyHolding(web({}, { env: [{ name: "B", value: "2" }] }), [first]);
    expect(names(live)).toEqual(["A=1", "B=2"]);
  });

  test("stays when Git drops the whole list", async () => {
    const { applyHolding } = await applied(web({}, { env: [{ name: "A", value: "1" }] }));
    const { live } = await applyHolding(web({}), [first]);
    expect(names(live)).toEqual(["A=1"]);
  });

  test("is not made again after somebody deleted it", async () => {
    const { kubectl: run, applyHolding } = await applied(
      web(
        {},
        {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "1" },
          ],
        },
      ),
    );
    await run("set", "env", "deployment/web", "A-");
    const { live } = await applyHolding(
      web(
        {},
        {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
        },
      ),
      [first],
    );
    expect(names(live)).toEqual(["B=2"]);
  });

  test("keeps keys that the server filled in", async () => {
    const ports = (name: string): JsonMap => ({
      ports: [
        { containerPort: 80, name },
        { containerPort: 81, name: "admin" },
      ],
    });
    const { applyHolding } = await applied(web({}, ports("http")));
    const path: Path = [...WEB, "ports", { item: { containerPort: 80 } }];
    const { live } = await applyHolding(web({}, ports("other")), [path]);
    expect(valueAt(live, [...path, "name"])).toBe("http");
  });

  test("is made whole when it comes new with Git, wildcards notwithstanding", async () => {
    const { applyHolding } = await applied(web({}));
    const desired = web({});
    const two = yml`
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: "web:2"}, {name: proxy, image: "proxy:1"}]}`;
    const { live } = await applyHolding({ ...desired, ...two }, [[...CONTAINERS, { any: true }, "image"]]);
    expect(valueAt(live, [...WEB, "image"])).toBe("web:1");
    expect(valueAt(live, [...CONTAINERS, { item: { name: "proxy" } }, "image"])).toBe("proxy:1");
  });
});

describe("an annotation that is left to others", () => {
  const note: Path = ["metadata", "annotations", "note"];

  test("keeps the value that a person gave it; an emptied map takes nothing away", async () => {
    const { kubectl: run, applyHolding } = await applied(web({}, {}, { annotations: { note: "git" } }));
    await run("annotate", "--overwrite", "deployment/web", "note=theirs", "more=theirs");
    const { live, held } = await applyHolding(web({}, {}, { annotations: { note: "git" } }), [note]);
    expect(live.metadata.annotations).toMatchObject({ note: "theirs", more: "theirs" });
    expect(held).toEqual(['metadata.annotations.note: git "git", live "theirs"']);
  });

  test("is not made again after a person removed it", async () => {
    const { kubectl: run, applyHolding } = await applied(web({}, {}, { annotations: { note: "git" } }));
    await run("annotate", "deployment/web", "note-");
    const { live } = await applyHolding(web({}, {}, { annotations: { note: "git" } }), [note]);
    expect(live.metadata.annotations?.["note"]).toBeUndefined();
  });
});

describe("inside a value that can only be written as a whole", () => {
  test("the live part is sent with the rest of Git", async () => {
    const ingress = (first: string, second: string): KubeObject => yml`
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: shop}
      spec:
        rules:
          - {host: a.example, http: {paths: [{path: ${first}, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}
          - {host: b.example, http: {paths: [{path: ${second}, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}]}}`;
    const { applyHolding } = await applied(ingress("/live", "/live"));
    const rule = (host: string): Path => ["spec", "rules", { item: { host } }, "http"];
    const { live } = await applyHolding(ingress("/git", "/git"), [rule("a.example")]);
    const path = (host: string): Json | undefined => valueAt(live, [...rule(host), "paths", { index: 0 }, "path"]);
    expect([path("a.example"), path("b.example")]).toEqual(["/live", "/git"]);
  });
});

describe("resources under a VerticalPodAutoscaler", () => {
  const resources: Path = [...CONTAINERS, { any: true }, "resources"];

  test("follow Git, save for what another manager took", async () => {
    const cpu = (request: string, limit: string): JsonMap => ({
      resources: { requests: { cpu: request }, limits: { cpu: limit } },
    });
    const { kubectl: run, applyHolding } = await applied(web({}, cpu("100m", "1")));
    await run("set", "resources", "deployment/web", "--requests=cpu=300m");
    const { live, held } = await applyHolding(web({}, cpu("200m", "2")), [], { foreign: [resources] });
    expect(valueAt(live, [...WEB, "resources"])).toEqual({ requests: { cpu: "300m" }, limits: { cpu: "2" } });
    expect(held).toEqual([`${formatPath(WEB)}.resources.requests.cpu: git "200m", live "300m"`]);
  });
});
