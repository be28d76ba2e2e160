import { describe, expect, test } from "vitest";
import { problemOfRefusal } from "../../src/diff/refused.ts";
import type { Refusal } from "../../src/model/refusal.ts";

const REF = { group: "apps", kind: "Deployment", namespace: "shop", name: "web" };

function refusal(httpStatus: number, message: string, more: Partial<Refusal> = {}): Refusal {
  return { httpStatus, reason: "", message, causes: [], ...more };
}

function told(given: Refusal): string {
  const { code, message } = problemOfRefusal(given, REF, undefined);
  return `${code}: ${message}`;
}

const cause = (field: string, message: string): Pick<Refusal, "causes"> => ({
  causes: [{ reason: "FieldValueInvalid", field, message }],
});

// Codes and texts as a kube-apiserver 1.36 answered them.
describe("a refusal by the API server becomes", () => {
  test.each([
    [
      refusal(
        500,
        "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.repicas: field not declared in schema",
      ),
      "unknown-field: apps/Deployment shop/web: spec.repicas: field not declared in schema",
    ],
    [
      refusal(
        500,
        "failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): errors:\n  .spec.foo: field not declared in schema\n  .spec.bar: field not declared in schema",
      ),
      "unknown-field: apps/Deployment shop/web: spec.foo: field not declared in schema; spec.bar: field not declared in schema",
    ],
    [
      refusal(
        500,
        'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.env: duplicate entries for key [name="A"]',
      ),
      'duplicate-list-key: apps/Deployment shop/web: spec.env: duplicate entries for key [name="A"]',
    ],
    [
      refusal(
        422,
        'Deployment.apps "web" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: field is immutable',
        cause("spec.selector", 'Invalid value: {"matchLabels":{"app":"x"}}: field is immutable'),
      ),
      "immutable-field: apps/Deployment shop/web: spec.selector cannot be changed: field is immutable",
    ],
    [
      refusal(422, "configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no", {
        causes: [{ reason: "", field: "", message: "no" }],
      }),
      "denied-by-policy: apps/Deployment shop/web: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
    ],
    [
      refusal(404, 'namespaces "nope" not found', { kind: "namespaces", name: "nope" }),
      "missing-namespace: apps/Deployment shop/web: namespace nope does not exist, neither in the cluster nor in this change",
    ],
    [
      refusal(500, 'Internal error occurred: failed calling webhook "w": connection refused'),
      'webhook-unavailable: apps/Deployment shop/web: Internal error occurred: failed calling webhook "w": connection refused',
    ],
  ])("%# a problem with its own code", (given, expected) => {
    expect(told(given)).toBe(expected);
  });

  test.each([
    "failed to create typed patch object (a/b; /v1, Kind=Secret): .stringData.pin: expected string, got &value.valueUnstructured{Value:1234}",
    "failed to create typed patch object (a/b; /v1, Kind=Secret): .stringData.pin: expected string, got &{1234}",
    "failed to convert new object (a/b; /v1, Kind=Secret) to smd typed: .stringData.pin: expected string, got &value.valueUnstructured{Value:1234}",
    'Secret in version "v1" cannot be handled as a Secret: json: cannot unmarshal number 1234 into Go struct field Secret.stringData of type string',
  ])("%# a text without the value of a wrong type, which may be a short secret", (message) => {
    expect(told(refusal(500, message))).toMatch(/expected string|cannot unmarshal number/);
    expect(told(refusal(500, message))).not.toContain("1234");
  });

  test("one line of bounded length, whatever the server dumps", () => {
    const message = told(refusal(422, `Job.batch "j" is invalid: spec.template: ${"x\n".repeat(5_000)}`));
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(600);
  });
});
