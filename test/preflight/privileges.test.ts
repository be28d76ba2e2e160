import { expect, test } from "vitest";
import { privileges } from "../../src/preflight/privileges.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";
import { created, messages, unchanged, updated } from "./planning.ts";

function pod(spec: string): KubeObject {
  return yml`
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: agent, namespace: shop}
    spec: {template: {spec: ${spec}}}
  `;
}

const TOLD = "caution privileged apps/DaemonSet shop/agent: ";
const PLAIN = pod("{containers: [{name: a, image: a, securityContext: {}}]}");

function container(context: string): KubeObject {
  return pod(`{containers: [{name: a, securityContext: ${context}}]}`);
}

test.each([
  [container("{privileged: true}"), "container a is privileged: it may do everything on its node"],
  [container("{capabilities: {add: [NET_ADMIN, NET_BIND_SERVICE]}}"), "container a has capability NET_ADMIN"],
  [container("{runAsUser: 0}"), "container a runs as root (runAsUser: 0)"],
  [container("{seccompProfile: {type: Unconfined}}"), "container a may use every system call (Unconfined)"],
  [pod("{hostPID: true, containers: [{name: a}]}"), "its pods see all processes of their node (hostPID)"],
  [
    pod("{containers: [{name: a}], volumes: [{name: v, hostPath: {path: /var/run}}]}"),
    "its pods mount /var/run of their node (hostPath)",
  ],
  [pod("{containers: [{name: a}], securityContext: {runAsUser: 0}}"), "its containers run as root (runAsUser: 0)"],
])("gained: %j", (head, what) => {
  expect(messages(privileges([created(head)]))).toEqual([TOLD + what]);
  expect(messages(privileges([updated(PLAIN, head)]))).toEqual([TOLD + what]);
  expect(privileges([unchanged(head), updated(head, PLAIN)])).toEqual([]);
});

test("an ordinary workload gains nothing", () => {
  expect(privileges([created(PLAIN), created(container("{runAsNonRoot: true, capabilities: {drop: [ALL]}}"))])).toEqual(
    [],
  );
});

test("what held a container back may go; a container that goes itself loses nothing", () => {
  const held = container("{runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}");
  expect(messages(privileges([updated(held, PLAIN)]))).toEqual([
    `${TOLD}container a no longer has to run as another user than root, container a is no longer kept from gaining rights, container a no longer drops all capabilities`,
  ]);
  expect(privileges([updated(held, pod("{containers: [{name: b}]}"))])).toEqual([]);
});

test("a token that was kept away is given", () => {
  const without = pod("{automountServiceAccountToken: false, containers: [{name: a}]}");
  expect(messages(privileges([updated(without, PLAIN)]))).toEqual([
    `${TOLD}its pods are given the token of their ServiceAccount`,
  ]);
  expect(privileges([created(pod("{automountServiceAccountToken: true, containers: [{name: a}]}"))])).toEqual([]);
});

test("a namespace lowers its Pod Security level", () => {
  const namespace = (level: string): KubeObject => yml`
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: ${level}}}
  `;
  expect(messages(privileges([updated(namespace("restricted"), namespace("baseline"))]))).toEqual([
    "caution privileged Namespace shop: no longer holds its pods to Pod Security level restricted",
  ]);
  expect(privileges([updated(namespace("baseline"), namespace("restricted"))])).toEqual([]);
});
