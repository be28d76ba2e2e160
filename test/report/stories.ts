import type { RunReport } from "../../src/model/run.ts";
import { change, drift, field, outcome, problem, run, target } from "./run-report.ts";

const IMAGE = field("spec.template.spec.containers[name=web].image", {
  before: "ghcr.io/acme/web:v1.8.2",
  after: "ghcr.io/acme/web:v1.9.0",
});

const SECRET = change("update", "Secret shop/web", {
  fields: [field("data.DB_PASSWORD", { before: { masked: true }, after: { masked: true } })],
});

const NGINX = `events {}
http {
  server {
    listen 8080;
    root /srv;
    location / {
      try_files $uri /index.html;
    }
    access_log off;
  }
}
`;

/** Two targets change alike, one of them has a blocker and was changed by hand before. */
export const blocked: RunReport = run(
  [
    target("production/web", {
      result: "blocked",
      changes: [
        change("create", "Service shop/web", {
          fields: [
            field("metadata", { after: { labels: { app: "web" } } }),
            field("spec", {
              after: { ports: [{ name: "http", port: 80, targetPort: 8080 }], selector: { app: "web" } },
            }),
          ],
          at: { file: "apps/web/base/service.yaml", line: 1, column: 1 },
        }),
        change("update", "apps/Deployment shop/web", { restarts: 3, fields: [IMAGE] }),
        change("update", "apps/Deployment shop/api", {
          fields: [field("spec.replicas", { before: 5, after: 3 }, "drift")],
        }),
        change("update", "ConfigMap shop/nginx", {
          fields: [
            field('data["nginx.conf"]', {
              before: NGINX,
              after: NGINX.replace("access_log off", "access_log /dev/stdout"),
            }),
          ],
        }),
        SECRET,
        change("delete", "ConfigMap shop/old"),
        change("keep", "PersistentVolumeClaim shop/pg-old", { because: "its kind is protected" }),
      ],
      drift: [
        drift("changed", "apps/Deployment shop/api", {
          path: "spec.replicas",
          git: 3,
          live: 5,
          by: { manager: "kubectl-edit", operation: "Update", time: "2026-11-20T10:00:00Z" },
        }),
        drift("extra", "ConfigMap shop/flags", {
          path: "data.beta",
          live: "on",
          by: { manager: "kubectl-patch", operation: "Update", time: "2026-11-19T08:00:00Z" },
          onMerge: "kept",
        }),
      ],
      problems: [
        problem("blocker", "apps/StatefulSet shop/pg: field spec.volumeClaimTemplates is immutable", {
          code: "immutable-field",
          remedy: "set annotation `plumbline.dev/replace` or rename the object",
          at: { file: "apps/web/base/pg.yaml", line: 14, column: 3 },
        }),
        problem("caution", "PersistentVolumeClaim shop/pg-old left Git and is kept: its kind is protected", {
          code: "prune-protected",
          remedy: "delete it by hand when its content is no longer needed",
        }),
      ],
      hidden: { ignored: 4, masked: 2, cut: 0, unread: 0 },
    }),
    target("staging/web", {
      changes: [change("update", "apps/Deployment shop/web", { restarts: 3, fields: [IMAGE] }), SECRET],
    }),
    target("dev/web"),
  ],
  { notes: ["the change of `.github/plumbline.yaml` takes effect after merge"] },
);

const DEPRECATED =
  "autoscaling/v2beta2 HorizontalPodAutoscaler is deprecated in v1.23+, unavailable in v1.26+; use autoscaling/v2 HorizontalPodAutoscaler";

/** Everything that fields alone do not tell: what stops, what is opened, what is renamed, what the server warns of. */
export const aided: RunReport = run([
  target("production/web", {
    changes: [
      change("update", "apps/Deployment shop/web", {
        restarts: 3,
        notes: ["stops all of them before it starts the new ones (Recreate)"],
        fields: [
          IMAGE,
          field("spec.template.spec.initContainers[name=migrate]", {
            after: { name: "migrate", image: "ghcr.io/acme/migrate" },
          }),
        ],
        at: { file: "apps/web/deployment.yaml", line: 1, column: 1 },
      }),
      change("update", "ConfigMap shop/flags", {
        notes: ["running pods of apps/Deployment shop/api keep the old values until they restart"],
        fields: [field("data.CHECKOUT", { before: "classic", after: "new" })],
      }),
      change("update", "rbac.authorization.k8s.io/Role shop/web", {
        notes: ["may now get/list secrets", "may no longer delete pods"],
        fields: [field("rules", { before: [{ verbs: ["delete"] }], after: [{ verbs: ["get", "list"] }] })],
      }),
      change("update", "Service shop/mail", {
        movedFrom: "production/infra",
        fields: [field("spec.type", { before: "ClusterIP", after: "LoadBalancer" })],
      }),
      change("create", "ConfigMap shop/web-5h2k9g4fcm", {
        movedFrom: "ConfigMap shop/web-b8c7m6t5hd",
        differences: [field("data.LEVEL", { before: "info", after: "debug" })],
        fields: [field("data", { after: { LEVEL: "debug", SIZE: "3" } })],
        at: { file: "apps/web/kustomization.yaml", line: 1, column: 1 },
      }),
      change("delete", "ConfigMap shop/web-b8c7m6t5hd"),
      change("delete", "apps/StatefulSet shop/pg", { notes: ["stops its 2 pods"] }),
      ...Array.from({ length: 3 }, (_, index) =>
        change("update", `autoscaling/HorizontalPodAutoscaler shop/web-${String(index).padStart(3, "0")}`, {
          warnings: [DEPRECATED],
          at: { file: "apps/web/autoscalers.yaml", line: 1 + 12 * index, column: 1 },
        }),
      ),
    ],
    problems: [
      ...["api", "cron", "mail", "web", "worker"].map((name, index) =>
        problem("caution", `apps/Deployment shop/${name}: no fixed version: container main runs acme/${name}`, {
          code: "image-latest",
          remedy: "name a version, or better a digest",
          at: { file: `apps/${name}.yaml`, line: index + 1, column: 1 },
        }),
      ),
      problem("caution", "Service shop/mail: port 25 is reachable through a load balancer", {
        code: "exposure",
        remedy: "check that whoever can reach it now should",
      }),
      problem("caution", "rbac.authorization.k8s.io/Role shop/web: may now get/list secrets", {
        code: "rights-widened",
        remedy: "check that its holders need it, and no more than they need",
      }),
      problem(
        "caution",
        "apps/StatefulSet shop/pg: with it goes PersistentVolumeClaim shop/data-pg-0, which deletes volume pvc-1 with its content (reclaim policy Delete)",
        {
          code: "volume-deleted",
          remedy: "back up what it holds, or set the volume's reclaim policy to Retain before",
        },
      ),
    ],
  }),
]);

export const unchanged: RunReport = run([target("production/web"), target("staging/web")]);

/** Nothing could be said: a file cannot be read as YAML. */
export const broken: RunReport = run([
  target("production/web", {
    result: "failed",
    reason: "the manifests cannot be read",
    problems: [
      problem("error", "apps/web/deploy.yaml is not YAML: a tab is used for indentation", {
        code: "yaml-invalid",
        remedy: "indent with spaces",
        at: { file: "apps/web/deploy.yaml", line: 7, column: 1 },
      }),
    ],
  }),
]);

/** More than fits into a comment. */
export const big: RunReport = run([
  target("production/web", {
    objects: 400,
    changes: [
      change("delete", "ConfigMap shop/gone"),
      ...Array.from({ length: 40 }, (_, index) =>
        change("update", `ConfigMap shop/config-${String(index).padStart(2, "0")}`, {
          fields: [
            field("data.text", { before: `old ${"x".repeat(100 * index)}`, after: `new ${"y".repeat(100 * index)}` }),
          ],
        }),
      ),
    ],
    problems: [problem("caution", "many objects change at once", { remedy: "look at each of them" })],
  }),
]);

const HOSTILE =
  "</details><img src=x onerror=alert(1)>@acme/sre [x](javascript:alert(1)) fixes #1 | `` ``` \u202e**b**";

/** Names, values, managers and messages that try to be markup. */
export const hostile: RunReport = run(
  [
    target("production/web", {
      result: "blocked",
      reason: `because of ${HOSTILE}`,
      changes: [
        change("update", "ConfigMap shop/web", {
          ref: { group: HOSTILE, kind: HOSTILE, namespace: HOSTILE, name: HOSTILE },
          because: HOSTILE,
          certainty: "offline",
          fields: [
            field(HOSTILE, { before: "a", after: HOSTILE }),
            field("data.text", { before: "a\n```\n</details>\n@acme/sre\n", after: "b\n```\n</details>\n@acme/sre\n" }),
          ],
          notes: [HOSTILE],
          movedFrom: HOSTILE,
          warnings: [HOSTILE],
          at: { file: HOSTILE, line: 1, column: 1 },
        }),
        change("create", "ConfigMap shop/other", {
          movedFrom: `ConfigMap shop/${HOSTILE}`,
          differences: [field(HOSTILE, { before: HOSTILE, after: "a" })],
        }),
      ],
      drift: [
        drift("changed", "ConfigMap shop/web", {
          path: HOSTILE,
          git: HOSTILE,
          live: `${HOSTILE}\n::error::x`,
          by: { manager: HOSTILE, operation: "Update", time: HOSTILE },
        }),
      ],
      problems: [problem("blocker", HOSTILE, { remedy: HOSTILE, at: { file: HOSTILE, line: 1, column: 1 } })],
      renderer: HOSTILE,
    }),
  ],
  { notes: [HOSTILE], link: `javascript:alert("x")` },
);

export const applied: RunReport = run(
  [
    target("production/web", {
      result: "failed",
      reason: "2 of 4 objects were written",
      appliedRevision: {
        commit: "77d0e1277d0e1277d0e1277d0e1277d0e1277d0e",
        digest: "sha256:aa",
        time: "2026-11-19T10:00:00Z",
      },
      changes: [change("update", "apps/Deployment shop/web"), change("create", "Service shop/web")],
      outcomes: [
        outcome("applied", "create", "Service shop/web", { settledAfterMilliseconds: 300 }),
        outcome("failed", "update", "apps/Deployment shop/web", { message: "container `web` cannot pull its image" }),
        outcome("unsettled", "update", "apps/Deployment shop/api", { message: "waiting for 1 of 3 pods" }),
        outcome("skipped", "delete", "ConfigMap shop/old", { message: "an earlier wave failed" }),
      ],
      problems: [
        problem("error", "apps/Deployment shop/web was written but failed: container `web` cannot pull its image", {
          code: "settle-failed",
        }),
      ],
    }),
    target("staging/web", {
      result: "applied",
      appliedRevision: {
        commit: "4be1d204be1d204be1d204be1d204be1d204be1d",
        digest: "sha256:bb",
        time: "2026-11-20T10:37:00Z",
      },
      outcomes: [
        outcome("applied", "update", "apps/Deployment shop/web", { settledAfterMilliseconds: 75_000 }),
        outcome("applied", "delete", "ConfigMap shop/old"),
      ],
    }),
  ],
  { command: "apply", notes: ["not bound to a plan: what was applied is what main holds now"], pulls: [12] },
);

export const drifted: RunReport = run(
  [
    target("production/web", {
      result: "drifted",
      appliedRevision: {
        commit: "77d0e1277d0e1277d0e1277d0e1277d0e1277d0e",
        digest: "sha256:aa",
        time: "2026-11-19T10:00:00Z",
      },
      drift: [
        drift("changed", "apps/Deployment shop/web", {
          path: "spec.replicas",
          git: 3,
          live: 5,
          by: { manager: "kubectl-edit", operation: "Update", time: "2026-11-20T10:00:00Z" },
        }),
        drift("missing", "ConfigMap shop/flags"),
        drift("extra", "Service shop/web", {
          path: 'metadata.annotations["acme.io/note"]',
          live: "by hand",
          by: { manager: "kubectl-annotate", operation: "Update", time: "2026-11-20T09:00:00Z" },
          onMerge: "kept",
        }),
      ],
    }),
  ],
  { command: "drift" },
);
