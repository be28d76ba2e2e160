import { isList, type Json, type JsonMap } from "../model/json.ts";
import { groupOf, type KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { cautionOf, type Planned } from "./planned.ts";
import { containersOf, podSpecsOf } from "./pod-specs.ts";
import { listed, mapAt, mapsAt, numberAt, textAt, textsAt, told } from "./reading.ts";
import { gained, lost } from "./traits.ts";

/** Where this change makes something reachable that was not: from the network, or past a policy that closed it. */
export function exposure(plan: readonly Planned[]): readonly Problem[] {
  return plan.flatMap((planned) => {
    const found = [...gained(planned, openings), ...lost(planned, limits).map(noLonger), ...removedPolicy(planned)];
    if (found.length === 0) return [];
    const remedy = "check that whoever can reach it now should";
    return [cautionOf(planned, { code: "exposure", what: listed(found), remedy })];
  });
}

function noLonger(limit: string): string {
  return `no longer ${limit}`;
}

function removedPolicy({ op, ref }: Planned): readonly string[] {
  if (op !== "delete" || !ref.kind.endsWith("NetworkPolicy")) return [];
  return ["the pods that it selects lose its limits on their traffic"];
}

function openings(object: KubeObject): readonly string[] {
  return [...podOpenings(object), ...openingsOfKind(object)];
}

function openingsOfKind(object: KubeObject): readonly string[] {
  const kind = `${groupOf(object.apiVersion)}/${object.kind}`;
  if (kind === "/Service") return serviceOpenings(object);
  if (kind === "networking.k8s.io/Ingress") return ingressOpenings(object);
  if (kind === "networking.k8s.io/NetworkPolicy") return policyOpenings(object);
  if (kind === "route.openshift.io/Route") return [servesHost(textAt(object, "spec", "host"))];
  if (kind === "gateway.networking.k8s.io/Gateway") return mapsAt(object, "spec", "listeners").map(listenerText);
  if (kind.startsWith("gateway.networking.k8s.io/") && kind.endsWith("Route")) return routeOpenings(object);
  return [];
}

function serviceOpenings(object: KubeObject): readonly string[] {
  const type = textAt(object, "spec", "type");
  const ports = mapsAt(object, "spec", "ports").map(portText);
  const addresses = textsAt(object, "spec", "externalIPs").map((address) => `takes traffic to ${told(address)}`);
  if (type === "NodePort") return [...ports.map((port) => `${port} is open on every node`), ...addresses];
  if (type !== "LoadBalancer") return addresses;
  const ranges = textsAt(object, "spec", "loadBalancerSourceRanges");
  const isOpen = ranges.length === 0 || ranges.some(isEverywhere);
  return [
    ...ports.map((port) => `${port} is reachable through a load balancer`),
    ...(isOpen ? ["its load balancer takes traffic from every address"] : []),
    ...addresses,
  ];
}

/** `port 80`, `port 53/UDP` */
function portText(port: JsonMap): string {
  const protocol = textAt(port, "protocol") ?? "TCP";
  return `port ${told(textAt(port, "port") ?? "?")}${protocol === "TCP" ? "" : `/${told(protocol)}`}`;
}

function ingressOpenings(object: KubeObject): readonly string[] {
  const rules = mapsAt(object, "spec", "rules").map((rule) => servesHost(textAt(rule, "host")));
  const hasDefault = Object.keys(mapAt(object, "spec", "defaultBackend")).length > 0;
  return hasDefault ? [servesHost(undefined), ...rules] : rules;
}

function servesHost(host: string | undefined): string {
  return host === undefined || host === "" ? "serves every host" : `serves host ${told(host)}`;
}

function listenerText(listener: JsonMap): string {
  return `listens on ${portText({ port: listener["port"] })} for ${hostText(textAt(listener, "hostname"))}`;
}

function hostText(host: string | undefined): string {
  return host === undefined || host === "" ? "every host" : told(host);
}

function routeOpenings(object: KubeObject): readonly string[] {
  const hosts = textsAt(object, "spec", "hostnames");
  const gateways = mapsAt(object, "spec", "parentRefs").map((parent) => told(textAt(parent, "name") ?? "?"));
  const through = gateways.length === 0 ? "" : ` through ${listed(gateways)}`;
  return (hosts.length === 0 ? [undefined] : hosts).map((host) => `serves ${hostText(host)}${through}`);
}

function policyOpenings(object: KubeObject): readonly string[] {
  const incoming = mapsAt(object, "spec", "ingress").flatMap((rule) =>
    isForAll(rule["from"]) ? [`lets in traffic from everywhere${toPorts(rule)}`] : [],
  );
  const outgoing = mapsAt(object, "spec", "egress").flatMap((rule) =>
    isForAll(rule["to"]) && toPorts(rule) === "" ? ["lets out traffic to everywhere"] : [],
  );
  return [...incoming, ...outgoing];
}

/** Peers that leave nobody out: none are named, or a block of all addresses is one of them. */
function isForAll(peers: Json | undefined): boolean {
  if (!isList(peers) || peers.length === 0) return true;
  return peers.some((peer) => {
    const block = textAt(peer, "ipBlock", "cidr");
    return block !== undefined && isEverywhere(block) && !isList(mapAt(peer, "ipBlock")["except"]);
  });
}

function isEverywhere(block: string): boolean {
  return block.endsWith("/0");
}

function toPorts(rule: JsonMap): string {
  const ports = mapsAt(rule, "ports").map((port) => (port["port"] === undefined ? "every port" : portText(port)));
  return ports.length === 0 ? "" : ` to ${listed(ports)}`;
}

function limits(object: KubeObject): readonly string[] {
  if (object.kind !== "NetworkPolicy" || groupOf(object.apiVersion) !== "networking.k8s.io") return [];
  const types = textsAt(object, "spec", "policyTypes");
  const given = types.length > 0 ? types : ["Ingress", ...("egress" in mapAt(object, "spec") ? ["Egress"] : [])];
  return [
    ...(given.includes("Ingress") ? ["limits incoming traffic"] : []),
    ...(given.includes("Egress") ? ["limits outgoing traffic"] : []),
  ];
}

function podOpenings(object: KubeObject): readonly string[] {
  return podSpecsOf(object).flatMap((spec) => {
    const onHost = spec["hostNetwork"] === true;
    // On the node's network the server fills in a host port for every port of a container.
    const ports = onHost ? [] : containersOf(spec).flatMap((container) => hostPorts(container.spec));
    return [...(onHost ? ["its pods are on the network of their node (hostNetwork)"] : []), ...ports];
  });
}

function hostPorts(container: JsonMap): readonly string[] {
  return mapsAt(container, "ports").flatMap((port) => {
    const number = numberAt(port, "hostPort");
    const text = portText({ ...port, port: number });
    return number === undefined || number === 0 ? [] : [`its pods open ${text} of their node (hostPort)`];
  });
}
