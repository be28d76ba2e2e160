import type { JsonMap } from "../../../src/model/json.ts";
import type { KubeObject } from "../../../src/model/object.ts";
import type { Random } from "../random.ts";
import type { Recipe } from "../recipe.ts";

const GROUP = "admissionregistration.k8s.io";
const apiVersion = `${GROUP}/v1`;

/** Webhooks and policies; their rules name a kind that does not exist, so none of them is ever asked. */
export const ADMISSION: readonly Recipe[] = [
  {
    apiVersion,
    kind: "ValidatingWebhookConfiguration",
    namespaced: false,
    body: (random) => ({ webhooks: webhooks(random) }),
  },
  {
    apiVersion,
    kind: "MutatingWebhookConfiguration",
    namespaced: false,
    body: (random) => ({
      webhooks: webhooks(random).map((webhook) => ({
        ...webhook,
        ...random.maybe(0.3, () => ({ reinvocationPolicy: "IfNeeded" })),
      })),
    }),
  },
  {
    apiVersion,
    kind: "ValidatingAdmissionPolicy",
    namespaced: false,
    body: (random) => ({
      spec: {
        ...random.maybe(0.7, () => ({ failurePolicy: "Ignore" })),
        matchConstraints: { resourceRules: [nothing(random)] },
        ...random.maybe(0.4, () => ({ variables: [{ name: "name", expression: "object.metadata.name" }] })),
        validations: random.some<JsonMap>(
          [
            { expression: "true", message: "never said" },
            { expression: "object.metadata.name != 'x'", reason: "Forbidden" },
            { expression: "1 < 2", messageExpression: "'no'" },
          ],
          1,
          3,
        ),
      },
    }),
  },
  {
    apiVersion,
    kind: "ValidatingAdmissionPolicyBinding",
    namespaced: false,
    body: (random) => ({
      spec: {
        policyName: random.pick(["no-such-policy", "no-such-policy-2"]),
        validationActions: random.some(["Warn", "Audit"], 1, 2),
        ...random.maybe(0.5, () => ({ matchResources: { namespaceSelector: { matchLabels: { none: "such" } } } })),
      },
    }),
  },
  {
    apiVersion,
    kind: "MutatingAdmissionPolicy",
    namespaced: false,
    inOtherVersion: inBeta,
    body: (random) => ({
      spec: {
        matchConstraints: { resourceRules: [nothing(random)] },
        failurePolicy: random.pick(["Ignore", "Fail"]),
        reinvocationPolicy: random.pick(["Never", "IfNeeded"]),
        mutations: [
          {
            patchType: "ApplyConfiguration",
            applyConfiguration: {
              expression: random.pick([
                'Object{metadata: Object.metadata{labels: {"a": "b"}}}',
                'Object{metadata: Object.metadata{labels: {"a": "c"}}}',
              ]),
            },
          },
        ],
      },
    }),
  },
  {
    apiVersion,
    kind: "MutatingAdmissionPolicyBinding",
    namespaced: false,
    inOtherVersion: inBeta,
    body: (random) => ({
      spec: {
        policyName: random.pick(["no-such-policy", "no-such-policy-2"]),
        ...random.maybe(0.5, () => ({ matchResources: { objectSelector: { matchLabels: { none: "such" } } } })),
      },
    }),
  },
];

/** The beta has the same fields. */
function inBeta(object: KubeObject): KubeObject {
  return { ...object, apiVersion: `${GROUP}/v1beta1` };
}

function webhooks(random: Random): readonly JsonMap[] {
  return random.some(["first.example.com", "second.example.com", "third.example.com"], 1, 3).map((name) => ({
    name,
    admissionReviewVersions: ["v1"],
    sideEffects: random.pick(["None", "NoneOnDryRun"]),
    failurePolicy: "Ignore",
    ...random.maybe(0.5, () => ({ timeoutSeconds: random.pick([1, 10]) })),
    ...random.maybe(0.4, () => ({ namespaceSelector: { matchLabels: { none: "such" } } })),
    ...random.maybe(0.3, () => ({ matchConditions: [{ name: "always", expression: "true" }] })),
    clientConfig: { service: { name: "none", namespace: "none", ...random.maybe(0.5, () => ({ path: "/check" })) } },
    rules: [nothing(random)],
  }));
}

function nothing(random: Random): JsonMap {
  return {
    apiGroups: ["nothing.example.com"],
    apiVersions: ["v1"],
    operations: random.some(["CREATE", "UPDATE"], 1, 2),
    resources: ["nothings"],
    ...random.maybe(0.3, () => ({ scope: "*" })),
  };
}
