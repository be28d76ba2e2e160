import { expect, test } from "vitest";
import { createCluster } from "../../src/kube/cluster.ts";
import type { Kinds } from "../../src/model/kind.ts";
import { json, loopback, QUIET, transportTo, type Reply } from "./loopback.ts";

function group(name: string, ...versions: object[]): object {
  return { metadata: { name }, versions };
}

function resource(kind: string, plural: string, subresources: readonly string[] = []): object {
  return {
    resource: plural,
    responseKind: { group: "", version: "", kind },
    scope: "Namespaced",
    verbs: ["get", "list"],
    subresources: subresources.map((subresource) => ({ subresource, responseKind: { kind: "Scale" }, verbs: ["get"] })),
  };
}

function aggregated(...items: object[]): object {
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", items };
}

async function kindsFrom(reply: Reply): Promise<Kinds> {
  await using server = await loopback(reply);
  await using transport = transportTo(server.server);
  return await createCluster(transport, { fieldManager: "plumbline" }).kinds(QUIET);
}

test("a group whose backend is down is unavailable, and what is known of it is kept", async () => {
  const kinds = await kindsFrom((stream, { path }) =>
    json(
      stream,
      path === "/api"
        ? aggregated(
            group("", { version: "v1", freshness: "Current", resources: [resource("Pod", "pods", ["status", "log"])] }),
          )
        : aggregated(
            group("metrics.k8s.io", { version: "v1beta1", freshness: "Stale" }),
            group("x.io", { version: "v1", freshness: "Current", resources: [resource("Widget", "widgets")] }),
          ),
    ),
  );
  expect(kinds.unavailable).toEqual(["metrics.k8s.io"]);
  expect(kinds.served).toEqual([
    {
      group: "",
      version: "v1",
      kind: "Pod",
      resource: "pods",
      namespaced: true,
      verbs: ["get", "list"],
      hasStatus: true,
    },
    {
      group: "x.io",
      version: "v1",
      kind: "Widget",
      resource: "widgets",
      namespaced: true,
      verbs: ["get", "list"],
      hasStatus: false,
    },
  ]);
});

test("an older server is asked once per group and version, preferred version first, dead groups named", async () => {
  const answers: Readonly<Record<string, object>> = {
    "/api": { kind: "APIVersions", versions: ["v1"] },
    "/apis": {
      kind: "APIGroupList",
      groups: [
        { name: "x.io", versions: [{ version: "v1alpha1" }, { version: "v1" }], preferredVersion: { version: "v1" } },
        { name: "metrics.k8s.io", versions: [{ version: "v1beta1" }], preferredVersion: { version: "v1beta1" } },
      ],
    },
    "/api/v1": {
      resources: [
        { name: "namespaces", kind: "Namespace", namespaced: false, verbs: ["get"] },
        { name: "namespaces/status", kind: "Namespace" },
      ],
    },
    "/apis/x.io/v1": { resources: [{ name: "widgets", kind: "Widget", namespaced: true, verbs: ["list"] }] },
    "/apis/x.io/v1alpha1": { resources: [{ name: "widgets", kind: "Widget", namespaced: true, verbs: ["list"] }] },
  };
  const kinds = await kindsFrom((stream, { path }) => {
    const answer = answers[path];
    if (answer !== undefined) return json(stream, answer);
    stream.respond({ ":status": 503, "content-type": "text/plain" });
    stream.end("service unavailable\n");
  });
  expect(kinds.unavailable).toEqual(["metrics.k8s.io"]);
  expect(kinds.served.map(({ version, kind, hasStatus }) => [version, kind, hasStatus])).toEqual([
    ["v1", "Namespace", true],
    ["v1", "Widget", false],
    ["v1alpha1", "Widget", false],
  ]);
});
