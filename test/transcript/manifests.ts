import { dedent } from "../support/yml.ts";
import { canary, encodedCanary } from "./canary.ts";

/** A configuration with one target, `test/<name>`, in folder `deploy`, that shares nothing in the cluster with others. */
export function config(name: string, more = ""): string {
  const text = `
    version: 1
    system: {namespace: ${name}-system}
    environments: {test: {}}
    apps:
      ${name}: {path: deploy}
  `;
  return `${dedent(text)}${more}`;
}

/** Differences count at first sight. */
export const AT_ONCE = "drift: {after: 0s, sightings: 1}\n";

export function namespace(name: string): string {
  return dedent(`
    apiVersion: v1
    kind: Namespace
    metadata: {name: ${name}}
  `);
}

export function configMap(place: string, data: string, annotations = "{}"): string {
  const [namespaceName, name] = place.split("/");
  return dedent(`
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: ${name}, namespace: ${namespaceName}, annotations: ${annotations}}
    data: ${data}
  `);
}

/** One secret value in `data`, one in `stringData`. */
export function secret(place: string, value: string): string {
  const [namespaceName, name] = place.split("/");
  return dedent(`
    apiVersion: v1
    kind: Secret
    metadata: {name: ${name}, namespace: ${namespaceName}}
    data: {TOKEN: ${encodedCanary(`${value}-data`)}}
    stringData: {PASSWORD: ${canary(`${value}-text`)}}
  `);
}

export interface DeploymentOptions {
  readonly image?: string;
  readonly replicas?: number;
  /** Value of the label `app` that its selector asks for; the name unless given. */
  readonly selector?: string;
  /** More labels of the pod, with a comma in front. */
  readonly podLabels?: string;
  /** More of the pod's spec, with a comma in front. */
  readonly pod?: string;
  /** One more line of the Deployment's spec. */
  readonly spec?: string;
}

export function deployment(place: string, options: DeploymentOptions = {}): string {
  const [namespaceName, name = ""] = place.split("/");
  const { image = `${name}:1`, replicas = 1, selector = name, podLabels = "", pod = "", spec } = options;
  const text = dedent(`
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: ${name}, namespace: ${namespaceName}}
    spec:
      replicas: ${replicas}
      selector: {matchLabels: {app: ${selector}}}
      template:
        metadata:
          labels: {app: ${selector}${podLabels}}
        spec: {containers: [{name: main, image: "${image}"}]${pod}}
  `);
  return spec === undefined ? text : `${text}  ${spec}\n`;
}

export function service(place: string): string {
  const [namespaceName, name] = place.split("/");
  return dedent(`
    apiVersion: v1
    kind: Service
    metadata: {name: ${name}, namespace: ${namespaceName}}
    spec: {selector: {app: ${name}}, ports: [{port: 80}]}
  `);
}
