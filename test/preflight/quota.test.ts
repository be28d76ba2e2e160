import { describe, expect, test } from "vitest";
import type { Op } from "../../src/model/change.ts";
import { refOf, type KubeObject } from "../../src/model/object.ts";
import type { Ref } from "../../src/model/ref.ts";
import type { Planned } from "../../src/preflight/planned.ts";
import { countedNamespaces, exceededQuotas } from "../../src/preflight/quota.ts";
import { yml } from "../support/yml.ts";

const resourceOf = ({ kind }: Ref): string => `${kind.toLowerCase()}s`;

const quota = (hard: string, used: string, spec = ""): KubeObject => yml`
  apiVersion: v1
  kind: ResourceQuota
  metadata: {name: q, namespace: shop}
  spec: {hard: ${hard}${spec}}
  status: {hard: ${hard}, used: ${used}}
`;

const configMap = (name: string, namespace = "shop"): KubeObject => yml`
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: ${name}, namespace: ${namespace}}
`;

const pod = (name: string, cpu: string, more = ""): KubeObject => yml`
  apiVersion: v1
  kind: Pod
  metadata: {name: ${name}, namespace: shop}
  spec: {containers: [{name: c, image: "a:1", resources: {requests: {cpu: ${cpu}}}}]${more}}
`;

const deployment = (replicas: number, cpu: string): KubeObject => yml`
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec: {replicas: ${replicas}, template: {spec: {containers: [{name: c, image: "a:1", resources: {requests: {cpu: ${cpu}}}}]}}}
`;

const planned = (op: Op, object: KubeObject, live?: KubeObject): Planned => ({
  ref: refOf(object),
  op,
  ...(op === "delete" ? { live: object } : { head: object, ...(live && { live }) }),
});

const told = (plan: readonly Planned[], ...quotas: readonly KubeObject[]): readonly string[] =>
  exceededQuotas(plan, { quotas, resourceOf }).map(({ level, code, message }) => `${level} ${code}: ${message}`);

describe("a quota", () => {
  test("counts what is created beyond what is used, in its own namespace only", () => {
    const full = quota("{configmaps: 5}", "{configmaps: 4}");
    const two = [planned("create", configMap("a")), planned("create", configMap("b"))];
    expect(told(two, full)).toEqual([
      "blocker quota-exceeded: ResourceQuota shop/q: together ConfigMap shop/a, ConfigMap shop/b ask for 2 more configmaps, but 4 of 5 are used",
    ]);
    expect(told([planned("create", configMap("a")), planned("create", configMap("b", "other"))], full)).toEqual([]);
    expect(told(two, quota("{count/configmaps: 5}", "{count/configmaps: 4}"))).toHaveLength(1);
    expect(told(two, quota("{services: 5}", "{services: 5}"))).toEqual([]);
  });

  test("leaves to the server what one object alone exceeds", () => {
    expect(told([planned("create", configMap("a"))], quota("{configmaps: 4}", "{configmaps: 4}"))).toEqual([]);
  });

  test("gets room from deletions only later, so that is a caution", () => {
    const plan = [
      planned("create", configMap("a")),
      planned("create", configMap("b")),
      planned("delete", configMap("c")),
    ];
    expect(told(plan, quota("{configmaps: 5}", "{configmaps: 4}"))).toEqual([
      "caution quota-exceeded: ResourceQuota shop/q: together ConfigMap shop/a, ConfigMap shop/b ask for 2 more configmaps, but 4 of 5 are used; what this change deletes makes room only later",
    ]);
  });

  test("adds quantities exactly, and what grows counts by its difference", () => {
    const full = quota("{requests.cpu: '1'}", "{requests.cpu: 700m}");
    expect(told([planned("create", pod("a", "100m")), planned("create", pod("b", "200m"))], full)).toEqual([]);
    expect(told([planned("create", pod("a", "100m")), planned("create", pod("b", "0.201"))], full)).toEqual([
      "blocker quota-exceeded: ResourceQuota shop/q: together Pod shop/a, Pod shop/b ask for 301m more requests.cpu, but 700m of 1 are used",
    ]);
    const grown = [planned("update", pod("a", "300m"), pod("a", "100m")), planned("create", pod("b", "100m"))];
    expect(told(grown, full)).toEqual([]);
  });

  test("of this change counts as this change leaves it", () => {
    const live = quota("{configmaps: 5}", "{configmaps: 4}");
    const two = [planned("create", configMap("a")), planned("create", configMap("b"))];
    expect(told([...two, planned("update", quota("{configmaps: 6}", "{}"), live)], live)).toEqual([]);
    expect(told([...two, planned("delete", live)], live)).toEqual([]);
  });

  test("with scopes counts the pods in them, and is said to be unchecked where a scope is not understood", () => {
    const full = (spec: string): KubeObject => quota("{pods: 1}", "{pods: 0}", spec);
    const two = [planned("create", pod("a", "1")), planned("create", pod("b", "1"))];
    expect(told(two, full(", scopes: [NotBestEffort]"))).toHaveLength(1);
    expect(told(two, full(", scopes: [BestEffort]"))).toEqual([]);
    expect(told(two, full(", scopes: [Terminating]"))).toEqual([]);
    const priority = (operator: string): string =>
      `, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: ${operator}, values: [fast]}]}`;
    expect(told(two, full(priority("In")))).toEqual([]);
    const fast = ["a", "b"].map((name) => planned("create", pod(name, "1", ", priorityClassName: fast")));
    expect(told(fast, full(priority("In")))).toHaveLength(1);
    expect(told(two, full(", scopes: [CrossNamespacePodAffinity]"))).toEqual([]);
    expect(told(two, full(", scopes: [Elsewhere]"))).toEqual([
      "caution quota-not-checked: ResourceQuota shop/q: has a scope that is not understood here, so whether Pod shop/a, Pod shop/b fit was not checked",
    ]);
    expect(told([planned("create", configMap("a"))], full(", scopes: [Elsewhere]"))).toEqual([]);
  });

  test("is a caution where pods that a controller makes will not fit", () => {
    const full = quota("{requests.cpu: '2', pods: 10}", "{requests.cpu: '1', pods: 1}");
    expect(told([planned("create", deployment(3, "500m"))], full)).toEqual([
      "caution quota-exceeded: ResourceQuota shop/q: apps/Deployment shop/web asks for 1500m more requests.cpu, pods of controllers included, but 1 of 2 are used",
    ]);
    expect(told([planned("update", deployment(4, "500m"), deployment(2, "500m"))], full)).toEqual([]);
    expect(told([planned("ownership", deployment(9, "500m"), deployment(9, "500m"))], full)).toEqual([]);
  });
});

describe("a namespace's quotas are looked at", () => {
  const counted = (...plan: readonly Planned[]): readonly string[] => countedNamespaces(plan, { resourceOf });
  const bigger = { ...deployment(1, "1"), metadata: { name: "web", namespace: "shop", labels: { a: "b" } } };

  test("where several objects are made, or controllers make more pods", () => {
    expect(counted(planned("create", configMap("a")), planned("create", configMap("b")))).toEqual(["shop"]);
    expect(counted(planned("create", deployment(1, "1")))).toEqual(["shop"]);
    expect(counted(planned("update", deployment(2, "1"), deployment(1, "1")))).toEqual(["shop"]);
  });

  test("not where the server says it all of each object, or nothing more is asked for", () => {
    expect(counted(planned("create", configMap("a")), planned("create", configMap("b", "other")))).toEqual([]);
    expect(counted(planned("update", bigger, deployment(1, "1")))).toEqual([]);
    expect(counted(planned("update", deployment(1, "1"), deployment(2, "1")))).toEqual([]);
    expect(counted(planned("delete", configMap("a")), planned("delete", configMap("b")))).toEqual([]);
  });
});
