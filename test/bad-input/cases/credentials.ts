import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cluster } from "../../cluster/cluster.ts";
import { kubeconfigText } from "../../cluster/kubeconfig.ts";
import { account } from "../account.ts";
import { CANARY } from "../scene.ts";
import { everywhere, type BadInputs, type Scene } from "../bad-input.ts";
import { configMap } from "./config-map.ts";

const change = { "app/web.yaml": configMap("web") };

/** What is wrong with the way to the cluster, or with who we are there. */
export const CREDENTIALS: BadInputs = {
  "kubeconfig-not-there": {
    change,
    kubeconfig: async ({ folder }) => join(folder, "no-such-kubeconfig"),
    ends: everywhere(2),
  },
  "kubeconfig-not-given": {
    change,
    kubeconfig: async () => "",
    ends: { "pull request": 0, push: 2, "plumb plan": 2 },
  },
  "kubeconfig-not-yaml": {
    change,
    kubeconfig: (scene) => write(scene, `apiVersion: v1\nkind: Config\nusers: [{name: a, user: {token: ${CANARY}}\n`),
    ends: everywhere(2),
  },
  "kubeconfig-as-base64": {
    change,
    kubeconfig: async () => "",
    job: () => ({ inputs: { kubeconfig: Buffer.from(`token: ${CANARY}\n`.repeat(20)).toString("base64") } }),
    ends: { "pull request": 2, push: 2 },
  },
  "unknown-context": {
    change,
    job: () => ({ inputs: { context: "produktion" } }),
    options: ["--context", "produktion"],
    ends: everywhere(2),
  },
  "cluster-unreachable": {
    change,
    // Nothing listens on port 1, and no server that starts beside us can be given it.
    kubeconfig: (scene) => write(scene, adminTo("https://127.0.0.1:1")),
    ends: everywhere(4),
  },
  "token-expired": {
    change,
    kubeconfig: (scene) => write(scene, kubeconfigOf({ token: CANARY })),
    ends: everywhere(4),
  },
  "identity-without-rights": {
    change,
    kubeconfig: async () => cluster().kubeconfigFor("stranger"),
    ends: everywhere(4),
  },
  "may-not-read": {
    change,
    kubeconfig: (scene) => account(scene, { own: { secrets: ["get", "list", "patch"] } }),
    ends: everywhere(5),
  },
  "may-not-write": {
    change,
    kubeconfig: (scene) => account(scene, { own: { configmaps: ["get", "list"], secrets: ["get", "list"] } }),
    // Who may only read gets a plan from reading; the apply is refused.
    ends: { "pull request": 0, push: 3, "plumb plan": 1 },
  },
};

async function write({ folder }: Scene, text: string): Promise<string> {
  const file = join(folder, "kubeconfig");
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

function kubeconfigOf({
  token,
  server = cluster().server,
}: {
  readonly token: string;
  readonly server?: string;
}): string {
  return kubeconfigText({ server, caFile: cluster().caFile, user: "deployer", token });
}

function adminTo(server: string): string {
  return kubeconfigOf({ token: cluster().token, server });
}
