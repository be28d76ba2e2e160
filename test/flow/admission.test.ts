import { expect, test } from "vitest";
import type { KubeKind } from "../../src/model/kind.ts";
import type { KubeObject } from "../../src/model/object.ts";
import type { Cluster } from "../../src/ports.ts";
import { readAdmission } from "../../src/flow/admission.ts";

const GROUP = "admissionregistration.k8s.io";
const kindOf = (group: string, version: string, kind: string, resource: string): KubeKind => ({
  group,
  version,
  kind,
  resource,
  namespaced: false,
  verbs: ["list"],
  hasStatus: false,
});

test("a mutating policy that a cluster serves as a beta only keeps its kinds from proving themselves", async () => {
  const policies = kindOf(GROUP, "v1beta1", "MutatingAdmissionPolicy", "mutatingadmissionpolicies");
  const policy: KubeObject = {
    apiVersion: `${GROUP}/v1beta1`,
    kind: "MutatingAdmissionPolicy",
    metadata: { name: "p" },
    spec: {
      matchConstraints: { resourceRules: [{ apiGroups: [""], resources: ["services"], operations: ["UPDATE"] }] },
    },
  };
  const cluster = { list: (kind: KubeKind) => Promise.resolve(kind === policies ? [policy] : []) };
  const asked = { kinds: { served: [policies], unavailable: [] }, version: "v1.34.0", compared: [] };
  const { mutates } = await readAdmission(
    { ...asked, cluster: cluster as unknown as Cluster },
    new AbortController().signal,
  );
  expect(mutates(kindOf("", "v1", "Service", "services"))).toBe(true);
  expect(mutates(kindOf("", "v1", "ConfigMap", "configmaps"))).toBe(false);
});
