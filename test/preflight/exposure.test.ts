import { describe, expect, test } from "vitest";
import { exposure } from "../../src/preflight/exposure.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";
import { created, deleted, messages, planned, unchanged, updated } from "./planning.ts";

function service(spec: string): KubeObject {
  return yml`
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop}
    spec: ${spec}
  `;
}

function object(kind: string, spec: string): KubeObject {
  const [group = "", name = ""] = kind.split(" ");
  return yml`
    apiVersion: ${group}
    kind: ${name}
    metadata: {name: web, namespace: shop}
    spec: ${spec}
  `;
}

const INSIDE = service("{type: ClusterIP, ports: [{port: 80}]}");

test("a Service inside the cluster is nothing to tell", () => {
  expect(exposure([created(INSIDE)])).toEqual([]);
});

test.each([
  [
    service("{type: NodePort, ports: [{port: 80}, {port: 53, protocol: UDP}]}"),
    "port 80 is open on every node, port 53/UDP is open on every node",
  ],
  [
    service("{type: LoadBalancer, ports: [{port: 80}]}"),
    "port 80 is reachable through a load balancer, its load balancer takes traffic from every address",
  ],
  [
    service("{type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: [10.0.0.0/8]}"),
    "port 80 is reachable through a load balancer",
  ],
  [service("{externalIPs: [192.0.2.7]}"), "takes traffic to 192.0.2.7"],
  [
    object("networking.k8s.io/v1 Ingress", "{rules: [{host: shop.example.com}, {}]}"),
    "serves host shop.example.com, serves every host",
  ],
  [
    object("gateway.networking.k8s.io/v1 Gateway", "{listeners: [{name: a, port: 443, hostname: a.example.com}]}"),
    "listens on port 443 for a.example.com",
  ],
  [
    object("gateway.networking.k8s.io/v1 HTTPRoute", "{parentRefs: [{name: edge}], hostnames: [a.example.com]}"),
    "serves a.example.com through edge",
  ],
  [object("networking.k8s.io/v1 NetworkPolicy", "{ingress: [{}]}"), "lets in traffic from everywhere"],
  [
    object(
      "networking.k8s.io/v1 NetworkPolicy",
      "{ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}]}",
    ),
    "lets in traffic from everywhere to port 80",
  ],
  [object("networking.k8s.io/v1 NetworkPolicy", "{egress: [{}]}"), "lets out traffic to everywhere"],
  [
    object(
      "apps/v1 Deployment",
      "{template: {spec: {hostNetwork: true, containers: [{name: a, ports: [{hostPort: 80}]}]}}}",
    ),
    "its pods are on the network of their node (hostNetwork)",
  ],
  [
    object(
      "batch/v1 CronJob",
      "{jobTemplate: {spec: {template: {spec: {containers: [{name: a, ports: [{hostPort: 80}]}]}}}}}",
    ),
    "its pods open port 80 of their node (hostPort)",
  ],
])("created: %j", (head, what) => {
  const [found] = exposure([created(head)]);
  expect(found?.message.replace(/^\S+ \S+: /, "")).toBe(what);
  expect(found).toMatchObject({ code: "exposure", level: "caution" });
});

test("only what a change adds is told", () => {
  const [before, after] = ["{rules: [{host: a}]}", "{rules: [{host: a}, {host: b}]}"].map((spec) =>
    object("networking.k8s.io/v1 Ingress", spec),
  );
  if (before === undefined || after === undefined) throw new TypeError("two ingresses");
  expect(messages(exposure([updated(before, after)]))).toEqual([
    "caution exposure networking.k8s.io/Ingress shop/web: serves host b",
  ]);
});

describe("what was so already is no news", () => {
  const open = service("{type: NodePort, ports: [{port: 80}]}");
  test.each([
    ["nothing is done to it", unchanged(open)],
    ["it was so live, where somebody opened it by hand", planned("update", { live: open, base: INSIDE, head: open })],
    ["it was so in Git, and merging only brings it back", planned("update", { live: INSIDE, base: open, head: open })],
    ["it was in Git, and is gone live", planned("create", { base: open, head: open })],
    ["it is closed", updated(open, INSIDE)],
    ["it goes", deleted(open)],
  ])("%s", (_, entry) => {
    expect(exposure([entry])).toEqual([]);
  });
});

test("the limits of a load balancer may go", () => {
  const limited = service("{type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: [10.0.0.0/8]}");
  const open = service("{type: LoadBalancer, ports: [{port: 80}]}");
  expect(messages(exposure([updated(limited, open)]))).toEqual([
    "caution exposure Service shop/web: its load balancer takes traffic from every address",
  ]);
  expect(exposure([updated(open, limited)])).toEqual([]);
});

test("a network policy that goes, or no longer closes a direction", () => {
  const policy = object("networking.k8s.io/v1 NetworkPolicy", "{policyTypes: [Ingress, Egress]}");
  const half = object("networking.k8s.io/v1 NetworkPolicy", "{policyTypes: [Ingress]}");
  expect(messages(exposure([deleted(policy), updated(policy, half)]))).toEqual([
    "caution exposure networking.k8s.io/NetworkPolicy shop/web: the pods that it selects lose its limits on their traffic",
    "caution exposure networking.k8s.io/NetworkPolicy shop/web: no longer limits outgoing traffic",
  ]);
});

test("what has another type than it should is not taken for an opening", () => {
  const odd = ["{type: [NodePort], ports: 80}", "{type: NodePort, ports: [null, 80]}", "null", "[]"].map(service);
  expect(exposure(odd.map(created))).toEqual([]);
});
