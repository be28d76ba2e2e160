import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text as textOf } from "node:stream/consumers";

import { inject, onTestFinished } from "vitest";

import { apiOf } from "./api.ts";
import type { Api } from "./api.ts";
import type { SharedCluster } from "./global-setup.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import { wait } from "./wait.ts";

/** The shared control plane, as a test sees it. */
export interface TestCluster {
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  readonly caFile: string;
  /** The admin's bearer token. */
  readonly token: string;
  /** Absolute path of the admin's kubeconfig. */
  readonly kubeconfig: string;
  /** Absolute path of a user's kubeconfig: `admin`, `developer` (of the group developers) or `stranger`. */
  kubeconfigFor(user: string): string;
  /** Absolute paths. */
  readonly tools: { readonly kubectl: string; readonly kustomize: string; readonly helm: string };
}

/** The control plane that all tests of the project share; throws outside of a `*.cluster.test.ts`. */
export function cluster(): TestCluster {
  const shared = inject("cluster") as SharedCluster | undefined;
  if (shared === undefined) throw new Error("cluster: there is none here; name the test *.cluster.test.ts");
  const { server, caFile, token, kubeconfigs, kubectl, kustomize, helm } = shared;
  const kubeconfigFor = (user: string): string => {
    const file = kubeconfigs[user];
    if (file === undefined)
      throw new Error(`user ${user}: not known here; take ${Object.keys(kubeconfigs).join(", ")}`);
    return file;
  };
  return {
    server,
    caFile,
    token,
    kubeconfig: kubeconfigFor("admin"),
    kubeconfigFor,
    tools: { kubectl, kustomize, helm },
  };
}

/**
 * Creates a namespace that no other test has, complete with what controllers put into every namespace, so that lists do
 * not change under a test. It is deleted after the test, without waiting. Call it inside a test.
 */
export async function freshNamespace(): Promise<string> {
  const api = apiOf(cluster());
  const name = `test-${randomBytes(6).toString("hex")}`;
  const path = `/api/v1/namespaces/${name}`;
  const value = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  const { status, text } = await api.call("POST", "/api/v1/namespaces", { type: "application/json", value });
  if (status !== 201)
    throw new Error(`Namespace ${name}: could not be created, the API server answered ${status}: ${text}`);
  onTestFinished(async () => void (await api.call("DELETE", path)));
  const gifts = [`${path}/serviceaccounts/default`, `${path}/configmaps/kube-root-ca.crt`];
  const isComplete = async (): Promise<boolean> => {
    const answers = await Promise.all(gifts.map((gift) => api.call("GET", gift)));
    return answers.every((answer) => answer.status === 200);
  };
  await wait({ what: `Namespace ${name} complete`, within: 30_000, of: [], until: isComplete });
  return name;
}

/** What a service account may do in its namespace: verbs and one resource, `get,list deployments.apps`. */
export type Grant = `${string} ${string}`;

/**
 * Creates a service account that may do exactly what is granted in its namespace, and writes a kubeconfig for it, whose
 * absolute path is returned. The account goes with the namespace.
 */
export async function freshAccount(namespace: string, grants: readonly Grant[]): Promise<string> {
  const { server, caFile, kubeconfig } = cluster();
  const name = `account-${randomBytes(4).toString("hex")}`;
  await kubectl(["-n", namespace, "create", "serviceaccount", name]);
  for (const [index, grant] of grants.entries())
    await bind(namespace, { account: name, role: `${name}-${index}`, grant });
  const token = (await kubectl(["-n", namespace, "create", "token", name])).trim();
  for (const grant of grants) await waitUntilGranted(namespace, apiOf({ server, caFile, token }), grant);
  const file = join(dirname(kubeconfig), `${namespace}-${name}.kubeconfig`);
  await writeFile(file, kubeconfigText({ server, caFile, user: name, token, namespace }), { mode: 0o600 });
  return file;
}

interface Binding {
  readonly account: string;
  readonly role: string;
  readonly grant: Grant;
}

async function bind(namespace: string, { account, role, grant }: Binding): Promise<void> {
  const [verbs, resource] = grant.split(" ");
  await kubectl(["-n", namespace, "create", "role", role, `--verb=${verbs}`, `--resource=${resource}`]);
  const subject = `--serviceaccount=${namespace}:${account}`;
  await kubectl(["-n", namespace, "create", "rolebinding", role, `--role=${role}`, subject]);
}

/** The API server hears of a new role a moment after it was stored. */
async function waitUntilGranted(namespace: string, api: Api, grant: Grant): Promise<void> {
  const [verbs = "", resourceAndGroup = ""] = grant.split(" ");
  const [resource, ...group] = resourceAndGroup.split(".");
  const resourceAttributes = { namespace, verb: verbs.split(",")[0], resource, group: group.join(".") };
  const value = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  };
  const isGranted = async (): Promise<boolean> => {
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const { status, text } = await api.call("POST", path, { type: "application/json", value });
    return status === 201 && (JSON.parse(text) as { readonly status: { readonly allowed: boolean } }).status.allowed;
  };
  await wait({ what: `grant ${grant}`, within: 30_000, of: [], until: isGranted });
}

export interface KubectlOptions {
  /** Standard input. */
  readonly input?: string;
  /** Default: the admin's. */
  readonly kubeconfig?: string;
}

/** Runs kubectl with an argument vector and returns what it printed; throws with its errors unless it ends with 0. */
export async function kubectl(args: readonly string[], options: KubectlOptions = {}): Promise<string> {
  const { tools, kubeconfig } = cluster();
  const child = spawn(tools.kubectl, args, {
    // No preferences of the person, and no discovery cache: one test's CRDs would be another's surprise.
    env: { KUBECONFIG: options.kubeconfig ?? kubeconfig, KUBERC: "off", KUBECACHEDIR: "/dev/null/none" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // kubectl may end before it has read everything; its errors say why.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const [output, errors, [code]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, "close"),
  ]);
  if (code === 0) return output;
  throw new Error(`kubectl ${args.join(" ")}: ended with ${code}\n${errors}`);
}
