import { expect, test } from "vitest";

import { freshNamespace, kubectl } from "./cluster.ts";

const WAITING = "{.items[0].status.containerStatuses[0].state.waiting.reason}";

test("a Deployment becomes Available, its pods have addresses, and it goes again", async () => {
  const namespace = await freshNamespace();
  await apply(namespace, deployment("web", { replicas: 3 }));
  await kubectl(["-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s"]);

  const addresses = await read(namespace, "pods", "{.items[*].status.podIP}");
  expect(new Set(addresses.split(" ")).size).toBe(3);
  expect(await read(namespace, "deployment/web", "{.status.availableReplicas}")).toBe("3");

  await kubectl(["-n", namespace, "delete", "deployment/web", "--cascade=foreground", "--timeout=60s"]);
  expect(await read(namespace, "pods", "{.items}")).toBe("[]");
});

test("StatefulSet and DaemonSet roll out", async () => {
  const namespace = await freshNamespace();
  const spec = deployment("db").spec;
  await apply(namespace, {
    ...deployment("db"),
    kind: "StatefulSet",
    spec: { ...spec, serviceName: "db", replicas: 2 },
  });
  const { replicas: _, ...daemon } = spec;
  await apply(namespace, { ...deployment("agent"), kind: "DaemonSet", spec: daemon });
  await kubectl(["-n", namespace, "rollout", "status", "statefulset/db", "--timeout=60s"]);
  await kubectl(["-n", namespace, "rollout", "status", "daemonset/agent", "--timeout=60s"]);
  expect(await read(namespace, "statefulset/db", "{.status.readyReplicas}")).toBe("2");
  expect(await read(namespace, "daemonset/agent", "{.status.numberReady}")).toBe("1");
});

test("a pod with init containers and a sidecar runs", async () => {
  const namespace = await freshNamespace();
  const initContainers = [
    { name: "prepare", image: "prepare:1" },
    { name: "proxy", image: "proxy:1", restartPolicy: "Always" },
  ];
  await apply(namespace, deployment("web", { pod: { initContainers } }));
  await kubectl(["-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s"]);
  const states = await read(namespace, "pods", "{.items[0].status.initContainerStatuses[*].state}");
  expect(states).toMatch(/"terminated".*"running"/);
});

test("a Job completes", async () => {
  const namespace = await freshNamespace();
  await apply(namespace, job("once"));
  await kubectl(["-n", namespace, "wait", "--for=condition=Complete", "job/once", "--timeout=60s"]);
  expect(await read(namespace, "job/once", "{.status.succeeded}")).toBe("1");
});

test("a Job whose pods fail becomes Failed", async () => {
  const namespace = await freshNamespace();
  await apply(namespace, job("doomed", "fail"));
  await kubectl(["-n", namespace, "wait", "--for=condition=Failed", "job/doomed", "--timeout=60s"]);
  expect(await read(namespace, "job/doomed", "{.status.failed}")).toBe("1");
});

test("a Job whose pods run forever stays active", async () => {
  const namespace = await freshNamespace();
  await apply(namespace, job("endless", "run-forever"));
  await kubectl(["-n", namespace, "wait", "--for=jsonpath={.status.ready}=1", "job/endless", "--timeout=60s"]);
  // One of the same age that does complete shows that there was time enough.
  await apply(namespace, job("once"));
  await kubectl(["-n", namespace, "wait", "--for=condition=Complete", "job/once", "--timeout=60s"]);
  expect(await read(namespace, "job/endless", "{.status.active}")).toBe("1");
});

test.each([
  { outcome: "never-ready", phase: "Running", shown: "{.items[0].status.containerStatuses[0].started}", is: "true" },
  { outcome: "crash-loop", phase: "Running", shown: WAITING, is: "CrashLoopBackOff" },
  { outcome: "image-pull", phase: "Pending", shown: WAITING, is: "ImagePullBackOff" },
])("a Deployment whose pods are $outcome does not become Available", async ({ outcome, phase, shown, is }) => {
  const namespace = await freshNamespace();
  await apply(namespace, deployment("web", { outcome, spec: { progressDeadlineSeconds: 2 } }));
  const failed = '--for=jsonpath={.status.conditions[?(@.type=="Progressing")].reason}=ProgressDeadlineExceeded';
  await kubectl(["-n", namespace, "wait", failed, "deployment/web", "--timeout=60s"]);

  expect(await read(namespace, "pods", "{.items[0].status.phase}")).toBe(phase);
  expect(await read(namespace, "pods", shown)).toBe(is);
  expect(await read(namespace, "deployment/web", "{.status.availableReplicas}")).toBe("");
});

test("a pod is ready after the delay that its annotation asks for", async () => {
  const namespace = await freshNamespace();
  await apply(namespace, deployment("web", { delay: "2s" }));
  await kubectl(["-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s"]);
  const scheduled = await read(
    namespace,
    "pods",
    '{.items[0].status.conditions[?(@.type=="PodScheduled")].lastTransitionTime}',
  );
  const ready = await read(namespace, "pods", '{.items[0].status.conditions[?(@.type=="Ready")].lastTransitionTime}');
  expect(Date.parse(ready) - Date.parse(scheduled)).toBeGreaterThanOrEqual(1000);
});

interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

interface Variation {
  readonly replicas?: number;
  readonly outcome?: string;
  readonly delay?: string;
  readonly pod?: object;
  readonly spec?: object;
}

function deployment(name: string, { replicas = 1, outcome, delay, pod, spec }: Variation = {}): Workload {
  const selector = { matchLabels: { app: name } };
  const labels = { app: name, ...(outcome === undefined ? {} : { "kwok.test/outcome": outcome }) };
  const annotations = delay === undefined ? {} : { "kwok.test/ready-delay": delay };
  const template = {
    metadata: { labels, annotations },
    spec: { containers: [{ name: "main", image: "main:1" }], ...pod },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { replicas, selector, template, ...spec },
  };
}

function job(name: string, outcome?: string): Workload {
  const labels = outcome === undefined ? {} : { "kwok.test/outcome": outcome };
  const pod = { restartPolicy: "Never", containers: [{ name: "main", image: "main:1" }] };
  const spec = { backoffLimit: 0, template: { metadata: { labels }, spec: pod } };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec };
}

async function apply(namespace: string, workload: Workload): Promise<void> {
  await kubectl(["-n", namespace, "apply", "--server-side", "-f", "-"], { input: JSON.stringify(workload) });
}

function read(namespace: string, what: string, jsonpath: string): Promise<string> {
  return kubectl(["-n", namespace, "get", what, `--output=jsonpath=${jsonpath}`]);
}
