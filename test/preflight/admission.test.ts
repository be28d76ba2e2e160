import { expect, test } from "vitest";
import { wideAdmission } from "../../src/preflight/admission.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";
import { created, messages, unchanged } from "./planning.ts";

function webhook(rest: string): KubeObject {
  return yml`
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {name: check}
    webhooks: [{name: check.acme.io, ${rest}}]
  `;
}

const ALL = 'rules: [{apiGroups: ["*"], resources: ["*"], operations: ["*"]}]';
const PODS = 'rules: [{apiGroups: [""], resources: [pods], operations: [CREATE]}]';
const TOLD =
  "caution admission-widened admissionregistration.k8s.io/ValidatingWebhookConfiguration check: while check.acme.io does not answer, ";

test.each([
  [ALL, "every write is refused in every namespace"],
  [`${ALL}, failurePolicy: Fail, namespaceSelector: {}`, "every write is refused in every namespace"],
  [PODS, "every new pod is refused in every namespace"],
])("%s", (rest, what) => {
  expect(messages(wideAdmission([created(webhook(rest))]))).toEqual([TOLD + what]);
  expect(wideAdmission([unchanged(webhook(rest))])).toEqual([]);
});

test.each([
  `${ALL}, failurePolicy: Ignore`,
  `${ALL}, namespaceSelector: {matchLabels: {checked: "true"}}`,
  `${PODS}, objectSelector: {matchExpressions: [{key: a, operator: Exists}]}`,
  'rules: [{apiGroups: [acme.io], resources: ["*"], operations: ["*"]}]',
])("%s holds nothing else up", (rest) => {
  expect(wideAdmission([created(webhook(rest))])).toEqual([]);
});
