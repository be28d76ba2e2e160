import type { Problem } from "../model/problem.ts";
import type { RenderRequest } from "../ports.ts";

const NAME = /^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const KUBE_VERSION = /^v?\d+\.\d+(\.\d+)?([-+][\w.+-]+)?$/;
const API_VERSION = /^[A-Za-z0-9][\w./-]*$/;

/**
 * Everything of a request that helm reads as a name has the form of one. A value that begins with a dash would be read as an
 * option, and helm has options that run programs.
 */
export function helmArgumentProblems({ release, namespace, kubeVersion }: RenderRequest): readonly Problem[] {
  const wrong = [
    {
      what: "release name",
      value: release,
      right: NAME.test(release),
      form: "lower-case letters, digits and dashes, at most 53",
    },
    {
      what: "namespace",
      value: namespace,
      right: NAMESPACE.test(namespace),
      form: "lower-case letters, digits and dashes, at most 63",
    },
    {
      what: "Kubernetes version",
      value: kubeVersion ?? "",
      right: kubeVersion === undefined || KUBE_VERSION.test(kubeVersion),
      form: "a version such as v1.36.3",
    },
  ].filter(({ right }) => !right);
  return wrong.map(({ what, value, form }) => ({
    code: "input-invalid",
    level: "error",
    message: `${what} ${JSON.stringify(value)} is not valid`,
    remedy: `use ${form}`,
  }));
}

export interface HelmPaths {
  /** Absolute. */
  readonly chart: string;
  readonly values: readonly string[];
  /** A schema in an archive could not be looked into, and helm fetches what a schema refers to. */
  readonly withSchema: boolean;
}

/** The arguments of a client-only render: no cluster is asked, nothing is looked up by name, no plugin runs. */
export function helmArguments(
  { release, namespace, kubeVersion, apiVersions }: RenderRequest,
  paths: HelmPaths,
): readonly string[] {
  const versions = apiVersions.filter((version) => API_VERSION.test(version));
  return [
    "template",
    release,
    paths.chart,
    `--namespace=${namespace}`,
    "--include-crds",
    ...(kubeVersion === undefined ? [] : [`--kube-version=${kubeVersion}`]),
    ...(versions.length === 0 ? [] : [`--api-versions=${versions.join(",")}`]),
    ...(paths.withSchema ? [] : ["--skip-schema-validation"]),
    ...paths.values.map((file) => `--values=${file}`),
  ];
}
