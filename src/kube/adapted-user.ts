import { formatJson, type JsonMap } from "../model/json.ts";
import { mapAt, mapsAt, textAt } from "./members.ts";

/** A kubeconfig user, changed so that the client library does with it what kubectl does. */
export function adaptUser(user: JsonMap, cluster: JsonMap): JsonMap {
  return { ...withTokenFile(user), ...withExecInfo(user, cluster) };
}

// kubectl reads `tokenFile` again and again; the library knows only the provider that in-cluster use has for it.
function withTokenFile(user: JsonMap): JsonMap {
  const tokenFile = textAt(user, "tokenFile");
  if (tokenFile === undefined || tokenFile === "") return user;
  const { token: _, ...rest } = user;
  return { ...rest, "auth-provider": { name: "tokenFile", config: { tokenFile } } };
}

// Plugins learn from this variable which API version to answer in; the library does not set it.
function withExecInfo(user: JsonMap, cluster: JsonMap): JsonMap {
  const exec = mapAt(user, "exec");
  const apiVersion = textAt(exec, "apiVersion");
  if (apiVersion === undefined) return {};
  const spec = { interactive: false, ...(exec["provideClusterInfo"] === true ? { cluster } : {}) };
  const value = formatJson({ apiVersion, kind: "ExecCredential", spec });
  return { exec: { ...exec, env: [...mapsAt(exec, "env"), { name: "KUBERNETES_EXEC_INFO", value }] } };
}
