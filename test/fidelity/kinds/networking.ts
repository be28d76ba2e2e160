import type { JsonMap } from "../../../src/model/json.ts";
import type { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";

/** Networking, discovery and disruption budgets. */
export const NETWORKING: readonly Recipe[] = [
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    namespaced: true,
    body: (random) => ({
      spec: {
        ...random.maybe(0.7, () => ({ ingressClassName: random.pick(["nginx", "haproxy"]) })),
        ...random.maybe(0.5, () => ({
          tls: [{ hosts: ["shop.example.com"], secretName: random.pick(["tls", "tls-2"]) }],
        })),
        ...random.maybe(0.3, () => ({ defaultBackend: backend(random) })),
        rules: random.some(["shop.example.com", "api.example.com", "*.example.org"], 1, 3).map((host) => ({
          host,
          http: { paths: random.some(["/", "/api", "/static"], 1, 3).map((path) => ingressPath(random, path)) },
        })),
      },
    }),
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    namespaced: false,
    body: (random) => ({
      spec: {
        controller: "example.com/controller",
        ...random.maybe(0.5, () => ({
          parameters: { apiGroup: "example.com", kind: "Parameters", name: random.pick(["external", "internal"]) },
        })),
      },
    }),
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    namespaced: true,
    body: (random) => ({
      spec: {
        podSelector: random.pick<JsonMap>([{}, { matchLabels: { app: "web" } }]),
        ...random.maybe(0.6, () => ({ policyTypes: random.some(["Ingress", "Egress"], 1, 2) })),
        ...random.maybe(0.8, () => ({ ingress: [{ from: random.some(PEERS, 1, 3), ports: policyPorts(random) }] })),
        ...random.maybe(0.4, () => ({ egress: [{ to: random.some(PEERS, 1, 2) }] })),
      },
    }),
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    namespaced: true,
    body: (random) => ({
      spec: {
        ...random.pick<JsonMap>([
          { minAvailable: 1 },
          { minAvailable: "50%" },
          { maxUnavailable: 1 },
          { maxUnavailable: "25%" },
        ]),
        selector: { matchLabels: { app: random.pick(["web", "api"]) } },
        ...random.maybe(0.3, () => ({ unhealthyPodEvictionPolicy: "AlwaysAllow" })),
      },
    }),
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    namespaced: true,
    body: (random, { name }) => ({
      metadata: { labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      endpoints: random.some(["10.9.0.1", "10.9.0.2", "10.9.0.3"], 1, 3).map((address) => ({
        addresses: [address],
        ...random.maybe(0.5, () => ({ conditions: { ready: random.chance(0.5) } })),
        ...random.maybe(0.3, () => ({ zone: "zone-a" })),
      })),
      ports: random.some(
        [
          { name: "http", port: 80 },
          { name: "dns", port: 53, protocol: "UDP" },
        ],
        1,
        2,
      ),
    }),
  },
];

function ingressPath(random: Random, path: string): JsonMap {
  return { path, pathType: random.pick(["Prefix", "Exact"]), backend: backend(random) };
}

function backend(random: Random): JsonMap {
  return {
    service: { name: random.pick(["web", "api"]), port: random.pick<JsonMap>([{ number: 80 }, { name: "http" }]) },
  };
}

function policyPorts(random: Random): readonly JsonMap[] {
  return random.some(
    [{ port: 8080 }, { protocol: "UDP", port: 53 }, { protocol: "TCP", port: 8000, endPort: 8100 }],
    1,
    3,
  );
}

const PEERS: readonly JsonMap[] = [
  { podSelector: { matchLabels: { app: "web" } } },
  { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: "tier", operator: "In", values: ["a", "b"] }] } },
  { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } },
];
