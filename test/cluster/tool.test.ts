import { expect, test } from "vitest";

import { pinnedVersions } from "./cache-folder.ts";
import { versionsOf } from "./tool.ts";

test("the versions are read from go.mod, whatever else it requires", () => {
  const goMod = `require (
	go.etcd.io/etcd/server/v3 v3.7.3 // indirect
	helm.sh/helm/v4 v4.3.1 // indirect
	k8s.io/kubernetes v1.36.3 // indirect
	sigs.k8s.io/kustomize/kustomize/v5 v5.8.1 // indirect
	sigs.k8s.io/kwok v0.8.0 // indirect
)
replace k8s.io/kubernetes-extra => k8s.io/kubernetes-extra v0.36.3
`;
  expect(versionsOf(goMod)).toEqual({
    kubernetes: "v1.36.3",
    etcd: "v3.7.3",
    kwok: "v0.8.0",
    kustomize: "v5.8.1",
    helm: "v4.3.1",
  });
});

test("a go.mod without one of the tools is told", () => {
  expect(() => versionsOf("tool k8s.io/kubernetes/cmd/kubectl")).toThrow(
    "go.mod: module k8s.io/kubernetes has no version; add it with `go get -tool`",
  );
});

test("our own go.mod pins them all", () => {
  expect(Object.values(pinnedVersions())).toHaveLength(5);
});
