import { describe, expect, test } from "vitest";
import { formatTarget } from "../../src/model/target.ts";
import { compareAuthority } from "../../src/config/authority.ts";
import { selectTargets } from "../../src/config/select.ts";
import { resolveTargets, type ResolvedTarget, type Settings } from "../../src/config/settings.ts";
import { zeroConfig } from "../../src/config/zero.ts";
import { configOf, format, yaml } from "./example.ts";

function resolve(text: string): readonly ResolvedTarget[] {
  const config = configOf(text);
  return resolveTargets({ authority: config, apps: config });
}

function settingsOf(targets: readonly ResolvedTarget[]): Record<string, Settings> {
  return Object.fromEntries(targets.map(({ target, settings }) => [formatTarget(target), settings]));
}

const SHOP = yaml`
  version: 1
  environments: {staging: {context: s}, production: {context: p, cluster: {uid: abc}}}
  apps:
    infra: {path: ./infra/$env/}
    web: {helm: {chart: ./charts/web, values: [charts/web/$env.yaml]}}
`;

describe("targets", () => {
  test("are every app in every environment, with $env replaced", () => {
    expect(resolve(SHOP).map((one) => ({ ...one, settings: undefined }))).toEqual([
      { target: { environment: "staging", app: "infra" }, context: "s", path: "infra/staging" },
      {
        target: { environment: "staging", app: "web" },
        context: "s",
        chart: { path: "charts/web", values: ["charts/web/staging.yaml"] },
      },
      {
        target: { environment: "production", app: "infra" },
        context: "p",
        clusterUid: "abc",
        path: "infra/production",
      },
      {
        target: { environment: "production", app: "web" },
        context: "p",
        clusterUid: "abc",
        chart: { path: "charts/web", values: ["charts/web/production.yaml"] },
      },
    ]);
  });

  test("without a word about environments live in `default`", () => {
    const [target] = resolve("version: 1\napps: {web: {path: ., default: {prune: false}}}\n");
    expect(target).toMatchObject({
      target: { environment: "default", app: "web" },
      path: ".",
      settings: { prune: false },
    });
  });

  test("have the built-in settings where nothing is written", () => {
    expect(resolve("version: 1\napps: {web: {path: a}}\n")[0]?.settings).toEqual({
      render: "auto",
      namespace: "default",
      prune: true,
      adopt: false,
      wait: true,
      timeoutMilliseconds: 300_000,
      onFailure: "restore",
      namespaces: [],
      ignore: [],
    });
  });
});

test("a rule about what is left to others has its paths read; the nearest level counts alone", () => {
  const targets = resolve(yaml`
    version: 1
    defaults: {ignore: [{kind: Deployment, paths: [spec.replicas]}]}
    apps:
      api: {path: a}
      web:
        path: a
        ignore:
          - {kind: apps/*, name: web*, namespace: shop, paths: ["/spec/template/spec/containers/*/image"]}
  `);
  expect(targets.map(({ settings }) => settings.ignore)).toEqual([
    [{ kind: "Deployment", paths: [["spec", "replicas"]] }],
    [
      {
        kind: "apps/*",
        name: "web*",
        namespace: "shop",
        paths: [["spec", "template", "spec", "containers", { any: true }, "image"]],
      },
    ],
  ]);
});

describe("the nearest level wins", () => {
  const text = yaml`
    version: 1
    defaults: {timeout: 1m, namespace: one}
    environments: {staging: {timeout: 2m, wait: false}, production: {}}
    apps:
      api: {path: a}
      web: {path: a, timeout: 3m, production: {timeout: 1h30m, namespace: four}}
  `;

  test("defaults, then environment, then app, then the app's environment", () => {
    const settings = settingsOf(resolve(text));
    const lines = Object.entries(settings).map(
      ([name, one]) => `${name} ${one.timeoutMilliseconds / 60_000} ${one.namespace} ${one.wait}`,
    );
    expect(lines).toEqual([
      "staging/api 2 one false",
      "staging/web 3 one false",
      "production/api 1 one true",
      "production/web 90 four true",
    ]);
  });

  test("a timeout that is given for the run wins over all of them", () => {
    const config = configOf(text);
    const targets = resolveTargets({ authority: config, apps: config, timeout: "7s" });
    expect(targets.map(({ settings }) => settings.timeoutMilliseconds)).toEqual([7000, 7000, 7000, 7000]);
  });

  test("an app called constructor, unknown to the authority, has the built-in settings", () => {
    const apps = configOf("version: 1\napps: {constructor: {path: a}}\n");
    const [target] = resolveTargets({ authority: configOf("version: 1\n"), apps });
    expect(target?.settings).toEqual(resolve("version: 1\napps: {a: {path: a}}\n")[0]?.settings);
  });
});

describe("a head gives itself no rights", () => {
  const base = configOf(yaml`
    version: 1
    defaults: {namespaces: [shop]}
    environments: {production: {context: prod}}
    apps: {web: {path: web}}
  `);
  const head = configOf(yaml`
    version: 1
    environments: {production: {context: elsewhere, adopt: true}, staging: {}}
    apps:
      web: {path: web2, namespace: shop, prune: false, production: {timeout: 1h}}
      spy: {path: spy, adopt: true, namespaces: [kube-system]}
    policy: {prune: {max: 500}}
  `);

  test("its apps and how they are rendered count, all else is the base's", () => {
    const targets = resolveTargets({ authority: base, apps: head });
    expect(targets).toMatchObject([
      { target: { environment: "production", app: "web" }, context: "prod", path: "web2" },
      { target: { environment: "production", app: "spy" }, context: "prod", path: "spy" },
    ]);
    expect(settingsOf(targets)).toMatchObject({
      "production/web": {
        namespace: "shop",
        prune: true,
        adopt: false,
        timeoutMilliseconds: 300_000,
        namespaces: ["shop"],
      },
      "production/spy": { namespace: "default", adopt: false, namespaces: ["shop"] },
    });
  });

  test("what waits for the merge is named, apps and paths are not", () => {
    expect(compareAuthority(base, head)).toEqual([
      'defaults.namespaces, which is ["shop"], is removed; this takes effect after merge',
      'environments.production.context changes from "prod" to "elsewhere"; this takes effect after merge',
      "policy.prune.max changes from 10 to 500; this takes effect after merge",
      "environments.production.adopt is added as true; this takes effect after merge",
      'environments.staging.deploy is added as "merge"; this takes effect after merge',
      "apps.web.prune is added as false; this takes effect after merge",
      'apps.web.production.timeout is added as "1h"; this takes effect after merge',
      "apps.spy.adopt is added as true; this takes effect after merge",
      'apps.spy.namespaces is added as ["kube-system"]; this takes effect after merge',
    ]);
    expect(compareAuthority(base, base)).toEqual([]);
  });
});

describe("without apps in the configuration", () => {
  test.each([
    [["src", "manifests", "k8s"], "k8s"],
    [["manifests", "deploy"], "deploy"],
  ])("of the folders %j the target is default/%s", (folders, folder) => {
    const zero = zeroConfig(folders);
    if ("problems" in zero) throw new Error("a folder was not found");
    expect(resolveTargets({ authority: zero.config, apps: zero.config })).toMatchObject([
      { target: { environment: "default", app: folder }, path: folder },
    ]);
  });

  test("what else it says holds", () => {
    const zero = zeroConfig(["deploy"], configOf("version: 1\nenvironments: {prod: {}}\n"));
    expect(zero).toMatchObject({ config: { environments: { prod: {} }, apps: { deploy: { path: "deploy" } } } });
  });

  test("and without a folder the lines to write are shown", () => {
    const zero = zeroConfig(["src"]);
    const [problem] = "problems" in zero ? zero.problems : [];
    expect(problem).toMatchObject({ code: "nothing-to-deploy", level: "error" });
    const line = /`(.*)`/.exec(problem?.remedy ?? "")?.[1] ?? "";
    expect(configOf(line).apps).toHaveProperty("web");
  });
});

describe("a selection", () => {
  function select(...patterns: readonly string[]): readonly string[] {
    const selected = selectTargets(resolve(SHOP), patterns);
    return "problems" in selected
      ? format(selected.problems)
      : selected.targets.map(({ target }) => formatTarget(target));
  }

  test("of nothing is everything", () => {
    expect(select()).toEqual(["staging/infra", "staging/web", "production/infra", "production/web"]);
  });

  test("takes names and patterns, in the order of the targets and each once", () => {
    expect(select("production/*", "*/web")).toEqual(["staging/web", "production/infra", "production/web"]);
    expect(select("production/web")).toEqual(["production/web"]);
    expect(select("prod*/???")).toEqual(["production/web"]);
  });

  test("of what is not there names what is, or what was meant", () => {
    expect(select("production/wbe", "web", "*")).toEqual([
      'unknown-target "production/wbe" names no target; the targets are staging/infra, staging/web, production/infra, production/web',
      'unknown-target "web" names no target; write */web',
      'unknown-target "*" names no target; write */*',
    ]);
  });
});
