import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Settings } from "../../src/config/settings.ts";
import { applyTarget } from "../../src/flow/apply-target.ts";
import { planTarget, type PlanTargetRequest, type TargetPlan } from "../../src/flow/plan-target.ts";
import { openAccess } from "../../src/kube/access.ts";
import { objectEndpoint } from "../../src/kube/endpoint.ts";
import { formatJson, type Json } from "../../src/model/json.ts";
import { addressOf, findKind, type Address, type Kinds } from "../../src/model/kind.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import { readOneDocument } from "../../src/manifest/one-document.ts";
import type { TargetReport } from "../../src/model/plan.ts";
import type { ClusterAccess, Log, Rendered } from "../../src/ports.ts";
import { systemClock } from "../../src/system/clock.ts";
import { startControlPlane } from "../cluster/control-plane.ts";
import { ADMIN } from "../cluster/user.ts";
import { DEFINITIONS } from "./kinds/definitions.ts";
import { kubectlOf, type Kubectl } from "./kubectl.ts";
import { openRawApi, type RawAnswer, type RawApi, type RawBody } from "./raw-api.ts";

/** One API server without controllers: nothing changes on it but by the cases, and each case has its own objects. */
export interface Stage extends AsyncDisposable {
  readonly access: ClusterAccess;
  readonly kubectl: Kubectl;
  /** A folder of the run's own; gone after dispose. */
  readonly folder: string;
  plan(target: CaseTarget): Promise<TargetPlan>;
  apply(target: CaseTarget): Promise<TargetReport>;
  addressOf(object: KubeObject): Promise<Address>;
  /** The live object in the version that `object` is written in. */
  read(object: KubeObject): Promise<KubeObject | undefined>;
  /** A request about an object by somebody else; `path` and `query` are put behind the object's own path. */
  send(object: KubeObject, request: ForeignRequest): Promise<RawAnswer>;
  freshNamespace(name: string): Promise<void>;
}

/** What a plan or an apply is about: one app of one object or of none. */
export interface CaseTarget {
  readonly app: string;
  readonly namespace: string;
  readonly head: readonly KubeObject[];
  readonly base?: readonly KubeObject[];
  readonly adopt: boolean;
  /** Every object is dry-run, whatever can be proven. */
  readonly exact?: boolean;
}

export interface ForeignRequest {
  readonly method: "PUT" | "PATCH" | "POST";
  /** `/scale`, `/status`; a POST goes to the collection. */
  readonly path?: string;
  readonly manager: string;
  readonly body: RawBody;
}

const SYSTEM = "plumbline-system";
const QUIET: Log = { info: () => {}, warning: () => {}, error: () => {} };

/** Starts the API server with the definitions that the cases stand on. */
export async function openStage(say: (line: string) => void): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "fidelity-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const plane = stack.use(await startControlPlane({ controllers: false, say, serverFlags: SERVER_FLAGS }));
  const api = stack.use(openRawApi(plane.server, { caFile: plane.caFile, token: plane.tokenFor(ADMIN.name) }));
  const opened = await openAccess(
    { kubeconfig: plane.kubeconfig, env: {}, readYaml: readOneDocument },
    { systemNamespace: SYSTEM, clock: systemClock },
  );
  stack.defer(() => opened.close());
  const kubectl = kubectlOf(plane.tools.kubectl, { kubeconfig: plane.kubeconfig, cacheFolder: join(folder, "cache") });
  const stage = stageOf(opened.access, { api, kubectl, folder });
  await stage.freshNamespace(SYSTEM);
  await install(api, opened.access);
  const owned = stack.move();
  return { ...stage, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

// Without this every bare pod would need a token; beta versions give more kinds a second version.
const SERVER_FLAGS = ["--disable-admission-plugins=ServiceAccount", "--runtime-config=api/beta=true", "--v=0"];

async function install(api: RawApi, access: ClusterAccess): Promise<void> {
  for (const value of DEFINITIONS) {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const { status, message } = await api.send("POST", path, { type: "json", value });
    if (status !== 201) throw new Error(`${value.metadata.name}: ${message}`);
  }
  const expected = DEFINITIONS.map(({ metadata }) => metadata.name.split(".")[0]);
  for (let look = 0; look < 100; look += 1) {
    const { served } = await access.cluster.kinds(AbortSignal.timeout(30_000));
    if (expected.every((resource) => served.some((kind) => kind.resource === resource))) return;
    await systemClock.sleep(100, AbortSignal.timeout(30_000));
  }
  throw new Error("the definitions of the run are not served");
}

interface Tools {
  readonly api: RawApi;
  readonly kubectl: Kubectl;
  readonly folder: string;
}

function stageOf(access: ClusterAccess, { api, kubectl, folder }: Tools): Omit<Stage, typeof Symbol.asyncDispose> {
  let kinds: Kinds = { served: [], unavailable: [] };
  const address = async (object: KubeObject): Promise<Address> => {
    const known = findKind(kinds, object.apiVersion, object.kind);
    if (known !== undefined) return addressOf(known, refOf(object));
    kinds = await access.cluster.kinds(AbortSignal.timeout(30_000));
    const kind = findKind(kinds, object.apiVersion, object.kind);
    if (kind === undefined) throw new Error(`${object.apiVersion} ${object.kind} is not served`);
    return addressOf(kind, refOf(object));
  };
  return {
    access,
    kubectl,
    folder,
    plan: (target) => planTarget(planRequest(access, target), AbortSignal.timeout(120_000)),
    apply: (target) =>
      applyTarget(
        {
          ...planRequest(access, target),
          access,
          commit: "c0ffee",
          lock: { holder: "fidelity", link: "", waitMilliseconds: 0 },
          clock: systemClock,
          log: QUIET,
        },
        AbortSignal.timeout(120_000),
      ),
    addressOf: address,
    read: async (object) => access.cluster.read(await address(object), AbortSignal.timeout(60_000)),
    send: async (object, { method, path = "", manager, body }) => {
      const own = objectEndpoint(await address(object)).path;
      const place = method === "POST" ? own.slice(0, own.lastIndexOf("/")) : own;
      const force = body.type === "apply-patch+yaml" ? "&force=true" : "";
      return api.send(method, `${place}${path}?fieldManager=${manager}${force}`, body);
    },
    freshNamespace: async (name) => {
      const value: Json = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
      const { status, message } = await api.send("POST", "/api/v1/namespaces", { type: "json", value });
      if (status !== 201) throw new Error(`Namespace ${name}: ${message}`);
    },
  };
}

const SETTINGS: Settings = {
  render: "plain",
  namespace: "default",
  prune: true,
  adopt: false,
  wait: false,
  timeoutMilliseconds: 30_000,
  onFailure: "restore",
  namespaces: [],
  ignore: [],
};

function planRequest(access: ClusterAccess, target: CaseTarget): PlanTargetRequest {
  const { app, namespace, head, base, adopt, exact } = target;
  return {
    settings: { target: { environment: "fidelity", app }, path: app, settings: { ...SETTINGS, namespace, adopt } },
    head: rendered(head),
    ...(base && { base: rendered(base) }),
    ...(exact !== undefined && { exact }),
    access,
    repository: { id: "1", name: "acme/shop" },
    policy: { max: 10, ratio: 1, protect: ["Namespace", "PersistentVolumeClaim", "PersistentVolume"] },
    learn: () => {},
  };
}

function rendered(objects: readonly KubeObject[]): Rendered {
  const at = { file: "app.yaml", line: 1, column: 1 };
  return { objects: objects.map((object) => ({ object, at })), problems: [], renderer: "plain" };
}

/** A list of objects as one file that kubectl reads. */
export function fileOf(objects: readonly KubeObject[]): string {
  return objects.length === 1
    ? formatJson(objects[0]!)
    : formatJson({ apiVersion: "v1", kind: "List", items: [...objects] });
}
