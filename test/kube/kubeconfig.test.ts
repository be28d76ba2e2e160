import { expect, test } from "vitest";
import { findKubeconfig } from "../../src/kube/kubeconfig.ts";

const CONTENT = "apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    token: canary-token-42\n";
const JSON_TEXT = `{"apiVersion":"v1","users":[{"name":"a","user":{"token":"canary-token-42"}}]}`;

test.each([
  ["its content", CONTENT],
  ["its content in JSON", JSON_TEXT],
  ["its content in base64", Buffer.from(CONTENT.repeat(3)).toString("base64")],
])("KUBECONFIG that holds %s instead of a path is not repeated", async (_, value) => {
  await expect(findKubeconfig({ env: { KUBECONFIG: value } })).rejects.toMatchObject({
    code: "kubeconfig-missing",
    message: "no kubeconfig: KUBECONFIG names no file",
  });
});

test("an input that is too long for a path is not repeated", async () => {
  const quoted = JSON.stringify(JSON_TEXT.padEnd(300));
  await expect(findKubeconfig({ env: {}, kubeconfig: quoted })).rejects.toMatchObject({
    code: "kubeconfig-missing",
    message: "no kubeconfig: what was given is no path of a file",
  });
});

test("a path of KUBECONFIG that leads nowhere is named", async () => {
  await expect(findKubeconfig({ env: { KUBECONFIG: "/nowhere/config" } })).rejects.toThrow(
    "no kubeconfig: /nowhere/config does not exist",
  );
});
