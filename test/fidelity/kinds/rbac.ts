import type { JsonMap } from "../../../src/model/json.ts";
import type { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";

const RBAC_GROUP = "rbac.authorization.k8s.io";
const apiVersion = `${RBAC_GROUP}/v1`;

/** Roles and their bindings. */
export const RBAC: readonly Recipe[] = [
  { apiVersion, kind: "Role", namespaced: true, body: (random) => ({ rules: rules(random) }) },
  {
    apiVersion,
    kind: "ClusterRole",
    namespaced: false,
    body: (random) =>
      random.chance(0.15)
        ? {
            aggregationRule: {
              clusterRoleSelectors: [{ matchLabels: { "example.com/aggregate": random.pick(["a", "b"]) } }],
            },
          }
        : { rules: [...rules(random), { nonResourceURLs: ["/metrics"], verbs: ["get"] }] },
  },
  {
    apiVersion,
    kind: "RoleBinding",
    namespaced: true,
    body: (random) => ({
      roleRef: { apiGroup: RBAC_GROUP, kind: "Role", name: random.pick(["reader", "reader", "writer"]) },
      subjects: random.some(SUBJECTS, 1, 3),
    }),
  },
  {
    apiVersion,
    kind: "ClusterRoleBinding",
    namespaced: false,
    body: (random) => ({
      roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: "view" },
      ...random.maybe(0.9, () => ({ subjects: random.some(SUBJECTS, 1, 3) })),
    }),
  },
];

function rules(random: Random): readonly JsonMap[] {
  return random.some(RULES, 1, 3);
}

const RULES: readonly JsonMap[] = [
  { apiGroups: [""], resources: ["pods", "services"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "patch"] },
  { apiGroups: [""], resources: ["secrets"], resourceNames: ["one"], verbs: ["get"] },
  { apiGroups: ["*"], resources: ["*"], verbs: ["list"] },
];

const SUBJECTS: readonly JsonMap[] = [
  { kind: "User", name: "ada" },
  { kind: "Group", name: "developers", apiGroup: RBAC_GROUP },
  { kind: "ServiceAccount", name: "robot", namespace: "default" },
];
