import type { TestProject } from "vitest/node";

import { startControlPlane } from "./control-plane.ts";
import type { User } from "./user.ts";

/** The users that tests may be besides the admin. None may do anything until a test binds a role to name or group. */
const USERS: readonly User[] = [
  { name: "developer", groups: ["developers"] },
  { name: "stranger", groups: [] },
];

/** What the tests of the project `cluster` get to know of the one control plane that they share. */
export interface SharedCluster {
  readonly server: string;
  readonly caFile: string;
  /** The admin's bearer token. */
  readonly token: string;
  /** Absolute path of a kubeconfig per user: admin, developer, stranger. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  readonly kubectl: string;
  readonly kustomize: string;
  readonly helm: string;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly cluster: SharedCluster;
  }
}

/** Starts one control plane for the whole project and returns how to end it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const plane = await startControlPlane({ users: USERS });
  const { server, caFile, kubeconfig, tools } = plane;
  const kubeconfigs: Record<string, string> = { admin: kubeconfig };
  for (const { name } of USERS) kubeconfigs[name] = await plane.kubeconfigFor(name);
  const { kubectl, kustomize, helm } = tools;
  project.provide("cluster", { server, caFile, token: plane.tokenFor("admin"), kubeconfigs, kubectl, kustomize, helm });
  return async () => {
    await plane[Symbol.asyncDispose]();
  };
}
