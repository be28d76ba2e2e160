import { describe, expect, test } from "vitest";
import { rightsNotes, widenedRights } from "../../src/preflight/rights.ts";
import type { KubeObject } from "../../src/model/object.ts";
import { yml } from "../support/yml.ts";
import { created, deleted, messages, updated } from "./planning.ts";

function role(rules: string): KubeObject {
  return yml`
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: web, namespace: shop}
    rules: ${rules}
  `;
}

function binding(kind: string, roleName: string, subjects: string): KubeObject {
  return yml`
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ${kind}
    metadata: {name: web, namespace: shop}
    roleRef: {kind: ClusterRole, name: ${roleName}}
    subjects: ${subjects}
  `;
}

const TOLD = "caution rights-widened rbac.authorization.k8s.io/Role shop/web: may now ";
const LEASES = "[{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, update]}]";

describe("rules", () => {
  test.each([
    ['[{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]', "do anything with everything"],
    ['[{apiGroups: [""], resources: [secrets], verbs: [get, list]}]', "get/list secrets"],
    [
      "[{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [escalate]}]",
      "escalate roles.rbac.authorization.k8s.io",
    ],
    ['[{apiGroups: [""], resources: [users, groups], verbs: [impersonate]}]', "impersonate users, groups"],
    ['[{apiGroups: [""], resources: [pods/exec], verbs: [create]}]', "create pods/exec"],
    ['[{apiGroups: [acme.io], resources: [queues], verbs: ["*"]}]', "do anything with queues.acme.io"],
    ['[{nonResourceURLs: ["*"], verbs: [get]}]', "get every address of the API"],
  ])("%s is dangerous", (rules, what) => {
    expect(messages(widenedRights([created(role(rules))]))).toEqual([TOLD + what]);
  });

  test.each([LEASES, '[{apiGroups: [""], resources: [secrets], resourceNames: [web], verbs: [get]}]', "[]"])(
    "%s is told where it stands, and is no caution",
    (rules) => {
      expect(widenedRights([created(role(rules))])).toEqual([]);
    },
  );

  test("what is added and what is removed, in words", () => {
    const after =
      '[{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get]}, {apiGroups: [""], resources: [pods], verbs: [list]}]';
    expect(rightsNotes(updated(role(LEASES), role(after)))).toEqual([
      "may now list pods",
      "may no longer update leases.coordination.k8s.io",
    ]);
    expect(rightsNotes(deleted(role(LEASES)))).toEqual(["may no longer get/update leases.coordination.k8s.io"]);
  });

  test("rules that are written in another way give nothing new", () => {
    const split =
      '[{apiGroups: [""], resources: [pods], verbs: [get]}, {apiGroups: [""], resources: [pods], verbs: [list]}]';
    const joined = '[{apiGroups: [""], resources: [pods], verbs: [list, get]}]';
    const wild = '[{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]';
    expect(rightsNotes(updated(role(split), role(joined)))).toEqual([]);
    expect(rightsNotes(updated(role(wild), role(joined)))).toEqual(["may no longer do anything with everything"]);
  });

  test("rules that multiply beyond reading are compared in part and in time", () => {
    const many = (prefix: string): string =>
      `[${Array.from({ length: 300 }, (_, index) => `${prefix}${index}`).join(", ")}]`;
    const wide = role(`[{apiGroups: ${many("g")}, resources: ${many("r")}, verbs: ${many("v")}}]`);
    expect(rightsNotes(created(wide))).toEqual(["may now v0 r0.g0, r1.g0, r2.g0, r3.g0 and 1996 more"]);
    expect(messages(widenedRights([created(wide)]))).toEqual([
      "caution rights-widened rbac.authorization.k8s.io/Role shop/web: may do more than is compared here: read its rules",
    ]);
  });
});

describe("bindings", () => {
  const ACCOUNT = "[{kind: ServiceAccount, name: web}]";

  test.each([
    [
      "ClusterRoleBinding",
      "cluster-admin",
      ACCOUNT,
      "gives ClusterRole cluster-admin to ServiceAccount shop/web in the whole cluster",
    ],
    [
      "RoleBinding",
      "cluster-admin",
      ACCOUNT,
      "gives ClusterRole cluster-admin to ServiceAccount shop/web in namespace shop",
    ],
    [
      "RoleBinding",
      "view",
      "[{kind: Group, name: 'system:unauthenticated'}]",
      "gives ClusterRole view to Group system:unauthenticated in namespace shop",
    ],
    [
      "ClusterRoleBinding",
      "view",
      "[{kind: Group, name: 'system:masters'}]",
      "gives ClusterRole view to Group system:masters in the whole cluster",
    ],
  ])("%s of %s to %s", (kind, name, subjects, what) => {
    expect(messages(widenedRights([created(binding(kind, name, subjects))]))).toEqual([
      `caution rights-widened rbac.authorization.k8s.io/${kind} shop/web: ${what}`,
    ]);
  });

  test("a subject more and one less", () => {
    const other = "[{kind: User, name: ada}]";
    const change = updated(binding("RoleBinding", "view", ACCOUNT), binding("RoleBinding", "view", other));
    expect(widenedRights([change])).toEqual([]);
    expect(rightsNotes(change)).toEqual([
      "gives ClusterRole view to User ada in namespace shop",
      "no longer gives ClusterRole view to ServiceAccount shop/web in namespace shop",
    ]);
  });
});

test("objects of other groups have no rights to give", () => {
  expect(
    rightsNotes(created({ ...role('[{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]'), apiVersion: "acme.io/v1" })),
  ).toEqual([]);
});
