import { join } from "node:path";
import { Failure } from "../model/failure.ts";
import type { ChosenContext } from "./chosen-context.ts";

/** Where Kubernetes puts the account of a pod. */
const ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The ServiceAccount of the pod we run in. Throws Failure `kubeconfig-missing` outside of a cluster. */
export function ownAccount(env: Readonly<Record<string, string | undefined>>, folder = ACCOUNT_FOLDER): ChosenContext {
  const host = env["KUBERNETES_SERVICE_HOST"];
  if (host === undefined || host === "") {
    throw new Failure("kubeconfig-missing", "in-cluster was asked for, but this process does not run in a cluster", {
      remedy: "set the input kubeconfig, or run the job in a pod with a ServiceAccount",
    });
  }
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  return {
    name: "in-cluster",
    cluster: {
      server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      "certificate-authority": join(folder, "ca.crt"),
    },
    user: { tokenFile: join(folder, "token") },
  };
}
