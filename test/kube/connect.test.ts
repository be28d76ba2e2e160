import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect as connectTcp, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { connect as connectWith, type ConnectRequest } from "../../src/kube/connect.ts";
import { ownAccount } from "../../src/kube/own-account.ts";
import type { Connection } from "../../src/kube/connection.ts";
import { readOneDocument } from "../../src/manifest/one-document.ts";
import { createTransport } from "../../src/kube/transport.ts";
import { jumpingClock } from "./clocks.ts";
import { GET_WEB, json, loopback, QUIET } from "./loopback.ts";
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from "./loopback-certificate.ts";

const CANARY = "s3cr3t-canary-in-the-kubeconfig";

function connect(request: Omit<ConnectRequest, "readYaml">): Promise<Connection> {
  return connectWith({ ...request, readYaml: readOneDocument });
}

/** A kubeconfig of two contexts; `user` is the YAML of the user's fields, in flow form. */
function kubeconfig(user = `{token: ${CANARY}}`, server = "https://10.0.0.1:6443"): string {
  return `apiVersion: v1
kind: Config
current-context: staging
contexts:
- {name: staging, context: {cluster: blue, user: ci}}
- {name: production, context: {cluster: green, user: ci}}
- {name: broken, context: {cluster: blue, user: nobody}}
clusters:
- {name: blue, cluster: {server: "${server}", certificate-authority-data: ${base64(LOOPBACK_CERTIFICATE)}}}
- {name: green, cluster: {server: "https://10.0.0.2:6443"}}
users:
- {name: ci, user: ${user}}
`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe("which kubeconfig and context count", () => {
  test("content given directly, with its current context", async () => {
    const connection = await connect({ kubeconfig: kubeconfig(), env: {} });
    expect([connection.server.origin, connection.context]).toEqual(["https://10.0.0.1:6443", "staging"]);
    expect((await connection.credential()).headers).toEqual({ authorization: `Bearer ${CANARY}` });
  });

  test("the asked context wins over the current one", async () => {
    const connection = await connect({ kubeconfig: kubeconfig(), context: "production", env: {} });
    expect(connection.server.origin).toBe("https://10.0.0.2:6443");
  });

  test("of the files in KUBECONFIG the first that defines a name counts, and missing ones are skipped", async () => {
    const folder = await temporaryFolder();
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    await writeFile(first, "clusters: [{name: blue, cluster: {server: 'https://first:1'}}]");
    await writeFile(second, kubeconfig());
    const connection = await connect({ env: { KUBECONFIG: [join(folder, "missing"), first, second].join(":") } });
    expect([connection.server.origin, connection.context]).toEqual(["https://first:1", "staging"]);
  });

  test("without KUBECONFIG, the one in the home folder", async () => {
    const home = await temporaryFolder();
    await mkdir(join(home, ".kube"));
    await writeFile(join(home, ".kube", "config"), kubeconfig());
    expect((await connect({ env: { HOME: home } })).context).toBe("staging");
  });
});

describe("a kubeconfig that cannot be used gives one message that quotes no content", () => {
  test.each<[string, Parameters<typeof connect>[0], string, string]>([
    ["none at all", { env: {} }, "kubeconfig-missing", "no kubeconfig: neither KUBECONFIG nor HOME is set"],
    [
      "an empty input",
      { kubeconfig: " ", env: { HOME: "/nonexistent" } },
      "kubeconfig-missing",
      "no kubeconfig: /nonexistent/.kube/config does not exist",
    ],
    [
      "a path that does not exist",
      { kubeconfig: "/nonexistent/config", env: {} },
      "kubeconfig-missing",
      "no kubeconfig: what was given is no path of a file",
    ],
    [
      "YAML that is none",
      { kubeconfig: `a: b\ntoken: "${CANARY}\n`, env: {} },
      "kubeconfig-invalid",
      "kubeconfig: the kubeconfig input is no valid YAML (line 2)",
    ],
    [
      "a text",
      { kubeconfig: `a: b\nc: ${CANARY}`, env: {} },
      "kubeconfig-invalid",
      "kubeconfig: it has no current context; it has no contexts",
    ],
    [
      "a secret that is neither",
      { kubeconfig: `${CANARY}\n`, env: {} },
      "kubeconfig-missing",
      "no kubeconfig: what was given is no path of a file",
    ],
    [
      "an unknown context",
      { kubeconfig: kubeconfig(), context: "prod", env: {} },
      "kubeconfig-invalid",
      "kubeconfig: there is no context prod; its contexts are staging, production, broken",
    ],
    [
      "an unknown user",
      { kubeconfig: kubeconfig(), context: "broken", env: {} },
      "kubeconfig-invalid",
      "kubeconfig: context broken names user nobody, which it does not have",
    ],
    [
      "a server without TLS",
      { kubeconfig: kubeconfig(undefined, "http://10.0.0.1:8080"), env: {} },
      "kubeconfig-invalid",
      "kubeconfig: the server of context staging is not https, so credentials would travel in the clear",
    ],
    [
      "a server that is no address",
      { kubeconfig: kubeconfig(undefined, CANARY), env: {} },
      "kubeconfig-invalid",
      "kubeconfig: the cluster of context staging has no valid server address",
    ],
    [
      "a cluster it does not run in",
      { inCluster: true, env: {} },
      "kubeconfig-missing",
      "in-cluster was asked for, but this process does not run in a cluster",
    ],
    [
      "a context in-cluster outside of one",
      { kubeconfig: kubeconfig(), context: "in-cluster", env: {} },
      "kubeconfig-missing",
      "in-cluster was asked for, but this process does not run in a cluster",
    ],
  ])("%s", async (_, request, code, message) => {
    const failure = await connect(request).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message });
    expect(JSON.stringify(failure) + String((failure as Error).cause)).not.toContain(CANARY);
  });

  test("one that the repository holds, also behind a link, but not one that a step wrote into the checkout", async () => {
    const [workspace, outside] = [await temporaryFolder(), await temporaryFolder()];
    await writeFile(join(workspace, "config"), kubeconfig());
    await symlink(join(workspace, "config"), join(outside, "link"));
    for (const path of [join(workspace, "config"), join(outside, "link")]) {
      const isTracked = async (file: string): Promise<boolean> => file === (await realpath(join(workspace, "config")));
      await expect(connect({ kubeconfig: path, isTracked, env: {} })).rejects.toMatchObject({
        code: "kubeconfig-invalid",
        message: `kubeconfig ${path} is a file of the repository, so a pull request can change it`,
      });
    }
    await expect(
      connect({ kubeconfig: join(workspace, "config"), isTracked: () => Promise.resolve(false), env: {} }),
    ).resolves.toBeDefined();
  });
});

describe("credentials", () => {
  test("a credential plugin runs once for 32 first requests at the same time, and again after a 401", async () => {
    await using server = await loopback((stream, { headers }) =>
      json(stream, {}, headers["authorization"] === "Bearer token-2" ? 200 : 401),
    );
    const folder = await temporaryFolder();
    await plugin(
      join(folder, "plugin"),
      `n=$(($(cat count 2>/dev/null || echo 0) + 1)); echo $n > count
       echo '{"kind":"ExecCredential","status":{"token":"token-'$n'"}}'`,
    );
    const exec = `{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}}`;
    await writeFile(join(folder, "config"), kubeconfig(exec, server.server.origin));
    const learnt: string[] = [];
    const connection = await connect({
      kubeconfig: join(folder, "config"),
      env: {},
      learn: (secret) => learnt.push(secret),
    });
    await using transport = createTransport(connection, { clock: jumpingClock() });

    const answers = await Promise.all(Array.from({ length: 32 }, () => transport.send(GET_WEB, QUIET)));

    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
    expect(await readFile(join(folder, "count"), "utf8")).toBe("2\n");
    expect(learnt).toEqual(expect.arrayContaining(["token-1", "token-2"]));
  });

  test("a plugin is told which API version to answer in", async () => {
    const folder = await temporaryFolder();
    await plugin(
      join(folder, "plugin"),
      `printf '{"status":{"token":"%s"}}' "$(echo "$KUBERNETES_EXEC_INFO" | base64 | tr -d '\\n')"`,
    );
    const exec = `{exec: {apiVersion: client.authentication.k8s.io/v1, command: "${join(folder, "plugin")}"}}`;
    const connection = await connect({ kubeconfig: kubeconfig(exec), env: {} });
    const token = (await connection.credential()).headers["authorization"]?.replace("Bearer ", "") ?? "";
    expect(JSON.parse(Buffer.from(token, "base64").toString())).toEqual({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: { interactive: false },
    });
  });

  test("a plugin that fails is named, what it said is not", async () => {
    const folder = await temporaryFolder();
    await plugin(join(folder, "plugin"), `echo ${CANARY} >&2; exit 3`);
    const exec = `{exec: {command: "${join(folder, "plugin")}"}}`;
    const connection = await connect({ kubeconfig: kubeconfig(exec), env: {} });
    const failure = await connection.credential().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "cluster-unauthorized",
      message: `context staging: the credential plugin ${join(folder, "plugin")} gave no credential`,
    });
    expect(JSON.stringify(failure) + String((failure as Error).cause)).not.toContain(CANARY);
  });

  test("a token file is read again once the server rejects the token", async () => {
    await using server = await loopback((stream, { headers }) =>
      json(stream, {}, headers["authorization"] === "Bearer fresh" ? 200 : 401),
    );
    const folder = await temporaryFolder();
    await writeFile(join(folder, "token"), "stale\n");
    await writeFile(join(folder, "config"), kubeconfig("{tokenFile: token}", server.server.origin));
    const connection = await connect({ kubeconfig: join(folder, "config"), env: {} });
    expect((await connection.credential()).headers).toEqual({ authorization: "Bearer stale" });
    await writeFile(join(folder, "token"), "fresh\n");
    await using transport = createTransport(connection, { clock: jumpingClock() });
    expect((await transport.send(GET_WEB, QUIET)).status).toBe(200);
  });

  test("user and password, and a client certificate", async () => {
    const user = `{username: u, password: p, client-certificate-data: ${base64(LOOPBACK_CERTIFICATE)}, client-key-data: ${base64(LOOPBACK_KEY)}}`;
    const connection = await connect({ kubeconfig: kubeconfig(user), env: {} });
    const { headers, tls } = await connection.credential();
    expect(headers).toEqual({ authorization: `Basic ${base64("u:p")}` });
    expect([String(tls.ca), String(tls.cert), String(tls.key)]).toEqual([
      LOOPBACK_CERTIFICATE,
      LOOPBACK_CERTIFICATE,
      LOOPBACK_KEY,
    ]);
  });

  test("a missing certificate file is named by what is wrong, at the first request", async () => {
    const connection = await connect({ kubeconfig: kubeconfig("{client-certificate: /nonexistent/cert}"), env: {} });
    await expect(connection.credential()).rejects.toMatchObject({
      code: "kubeconfig-invalid",
      message: "kubeconfig: the credentials of context staging cannot be read (ENOENT)",
    });
  });
});

test("a pod's own account is its mounted token, certificate and the cluster's address", () => {
  const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
  expect(ownAccount(env, "/account")).toEqual({
    name: "in-cluster",
    cluster: { server: "https://[fd00::1]:443", "certificate-authority": "/account/ca.crt" },
    user: { tokenFile: "/account/token" },
  });
});

test("a proxy-url is gone through, with the same credentials and trust", async () => {
  const cert = { cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY };
  const api = createHttps(cert, (request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ by: request.headers.authorization }));
  });
  const tunnels: (string | undefined)[] = [];
  const proxy = createHttp();
  proxy.on("connect", (request, client) => {
    tunnels.push(request.url);
    const upstream = connectTcp(portOf(api), "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    upstream.pipe(client).pipe(upstream);
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
  });
  await Promise.all([api, proxy].map((server) => once(server.listen(0, "127.0.0.1"), "listening")));
  onTestFinished(() => {
    [api, proxy].forEach((server) => server.close());
  });
  const text = kubeconfig(undefined, `https://127.0.0.1:${portOf(api)}`).replace(
    "cluster: {server",
    `cluster: {proxy-url: "http://127.0.0.1:${portOf(proxy)}", server`,
  );
  const connection = await connect({ kubeconfig: text, env: {} });
  await using transport = createTransport(connection, { clock: jumpingClock() });
  expect((await transport.send(GET_WEB, QUIET)).json).toEqual({ by: `Bearer ${CANARY}` });
  expect(tunnels).toEqual([`127.0.0.1:${portOf(api)}`]);
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

test("every secret of the kubeconfig is known, in each form it could be printed in", async () => {
  const user = `{token: ${CANARY}, password: pa55word, client-key-data: ${base64(LOOPBACK_KEY)}, exec: {command: x, env: [{name: AWS_PROFILE, value: in-the-environment}]}}`;
  const { secrets } = await connect({ kubeconfig: kubeconfig(user), env: {} });
  const keyLines = LOOPBACK_KEY.split("\n").filter((line) => line !== "" && !line.startsWith("---"));
  expect(secrets).toEqual(
    expect.arrayContaining([CANARY, "pa55word", base64(LOOPBACK_KEY), LOOPBACK_KEY, ...keyLines, "in-the-environment"]),
  );
  expect(secrets).not.toContain("AWS_PROFILE");
});

async function plugin(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\ncd "$(dirname "$0")"\n${script}\n`);
  await chmod(path, 0o755);
}
