import { describe, expect, test } from "vitest";
import type { TargetReport } from "../../src/model/plan.ts";
import type { ClusterAccess } from "../../src/ports.ts";
import { checkText } from "../../src/report/check-text.ts";
import { consoleText } from "../../src/report/console.ts";
import { formatPlanJson } from "../../src/report/plan-json.ts";
import { planComment } from "../../src/report/plan-comment.ts";
import { createMasker } from "../../src/diff/masker.ts";
import { secretTexts } from "../../src/diff/secrecy.ts";
import { createGuard } from "../../src/report/guard.ts";
import { freshNamespace, kubectl } from "../cluster/cluster.ts";
import { run } from "../report/run-report.ts";
import { engine, type Circumstances, type Engine } from "./engine.ts";

// Whoever may open a pull request may guess: a plan that says "nothing changes" of a guess would tell that it was right. So
// of each scene two plans are made, one whose guess is what is live, one whose guess is not.

const LIVE = "the-live-value-81";
const OTHER = "some-other-one-7";

const secret = (value: string, more = ""): string => `
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {k: "${value}"${more}}
`;

const READER = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: c, image: "nginx:1.27", envFrom: [{secretRef: {name: s}}]}]
`;

interface GuessScene {
  /** What was applied before, and what others did since. */
  readonly given: (engine: Engine, namespace: string) => Promise<unknown>;
  readonly base: string;
  readonly head: (guess: string) => string;
  readonly circumstances?: Circumstances;
}

async function patched(namespace: string, patch: unknown, manager = "kubectl-patch"): Promise<void> {
  const words = ["-n", namespace, "patch", "secret", "s", "--type=merge", `--field-manager=${manager}`];
  await kubectl([...words, "-p", JSON.stringify(patch)]);
}

async function appliedBy(manager: string, namespace: string, manifest: string): Promise<void> {
  const words = ["-n", namespace, "apply", "--server-side", "--force-conflicts", `--field-manager=${manager}`];
  await kubectl([...words, "-f", "-"], { input: manifest });
}

const SCENES: Readonly<Record<string, GuessScene>> = {
  "somebody changed it in the cluster": {
    given: async ({ apply }, namespace) => {
      await apply(secret("of-git-1234"));
      await patched(namespace, { stringData: { k: LIVE } });
    },
    base: secret("of-git-1234"),
    head: secret,
  },
  "another tool applies it": {
    given: async ({ apply }, namespace) => {
      await apply(secret("of-git-1234"));
      await appliedBy("flux", namespace, secret(LIVE));
    },
    base: secret("of-git-1234"),
    head: secret,
  },
  "we applied it, and Git went back": {
    given: ({ apply }) => apply(secret(LIVE)),
    base: secret("of-git-1234"),
    head: secret,
  },
  "somebody added a key": {
    given: async ({ apply }, namespace) => {
      await apply(secret("of-git-1234"));
      await patched(namespace, { stringData: { l: LIVE } });
    },
    base: secret("of-git-1234"),
    head: (guess) => secret("of-git-1234", `, l: "${guess}"`),
  },
  "a workload reads it": {
    given: async ({ apply }, namespace) => {
      await apply(secret("of-git-1234") + READER, { wait: false });
      await patched(namespace, { stringData: { k: LIVE } });
    },
    base: secret("of-git-1234") + READER,
    head: (guess) => secret(guess) + READER,
  },
  "it is a secret of Helm's": {
    given: async ({ apply }, namespace) => {
      await apply(secret("of-git-1234"));
      await patched(namespace, { stringData: { k: LIVE } }, "helm");
    },
    base: secret("of-git-1234"),
    head: secret,
  },
  "it is not ours, and may be adopted": {
    given: (_, namespace) => appliedBy("somebody", namespace, secret(LIVE)),
    base: "",
    head: secret,
    circumstances: { adopt: true },
  },
  "it is not ours": {
    given: (_, namespace) => appliedBy("somebody", namespace, secret(LIVE)),
    base: "",
    head: secret,
  },
  "it cannot be changed": {
    given: async ({ apply }, namespace) => {
      await apply(secret(LIVE));
      await patched(namespace, { immutable: true });
    },
    base: secret("of-git-1234"),
    head: secret,
  },
};

const WITHOUT_KEY = (access: ClusterAccess): ClusterAccess => ({
  ...access,
  keys: { ...access.keys, read: () => Promise.resolve(undefined) },
});

const WAYS: readonly (readonly [string, (access: ClusterAccess) => ClusterAccess, Circumstances])[] = [
  ["with a key", (access) => access, {}],
  ["without a key", WITHOUT_KEY, {}],
  ["when every object is dry-run", (access) => access, { exact: true }],
  ["when nothing may be dry-run", (access) => access, { mode: "read-only" }],
];

/** What people are told, without digests. */
function told(report: TargetReport, learned: readonly string[]): string {
  const masker = createMasker();
  for (const text of learned) masker.learn(text);
  const guard = createGuard(masker);
  const { digest: _digest, rendered: _rendered, intent: _intent, ...shown } = report;
  const masked = guard.report(run([shown]));
  return [
    guard.markdown(planComment(masked)),
    guard.markdown(checkText(masked, report.target).text),
    guard.terminal(consoleText(masked, { colour: false })),
    guard.json(formatPlanJson(masked)),
  ].join("\n");
}

describe.for(Object.entries(SCENES))(
  "of a guess at a Secret nothing tells whether it is right, where %s",
  ([, scene]) => {
    test.for(WAYS)("%s", async ([, around, how]) => {
      const namespace = await freshNamespace();
      const { apply, plan } = await engine({ namespace, around });
      await scene.given({ apply, plan } as Engine, namespace);
      const tell = async (guess: string): Promise<string> => {
        const learned: string[] = [];
        const { report } = await plan(scene.head(guess), {
          base: scene.base,
          ...scene.circumstances,
          ...how,
          learn: (object) => learned.push(...secretTexts(object)),
        });
        return told(report, learned);
      };
      expect(await tell(LIVE)).toBe(await tell(OTHER));
    });
  },
);

test("where there is no key, the digests do not tell it either", async () => {
  const namespace = await freshNamespace();
  const { apply } = await engine({ namespace });
  await apply(secret("of-git-1234"));
  await patched(namespace, { stringData: { k: LIVE } });
  const { plan } = await engine({ namespace, around: WITHOUT_KEY });
  const digests = async (guess: string): Promise<unknown> => {
    const { digest, rendered, intent } = (await plan(secret(guess), { base: secret("of-git-1234") })).report;
    return { digest, rendered, intent };
  };
  expect(await digests(LIVE)).toEqual(await digests(OTHER));
});
