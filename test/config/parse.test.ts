import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configOf, problemsOf, yaml } from "./example.ts";

const LABEL = "write at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends";

describe("a configuration is read whole", () => {
  test("the smallest one has every default", () => {
    expect(configOf("version: 1\n")).toMatchObject({
      environments: { default: {} },
      apps: {},
      plan: { mode: "auto", comment: "auto", failOn: "blockers", stale: "refuse", directPush: "apply" },
      drift: { mode: "issue", after: "1h", sightings: 2, remind: "24h", extra: "report" },
      policy: { prune: { max: 10, ratio: 0.25 }, commands: { override: "maintain" } },
      system: { namespace: "plumbline-system" },
    });
  });

  test("a key of an app that is the name of an environment holds settings", () => {
    const { apps } = configOf(yaml`
      version: 1
      environments: {staging: {}, production: {}}
      apps:
        web: {path: apps/web, prune: false, production: {timeout: 15m}}
    `);
    expect(apps).toEqual({
      web: {
        path: "apps/web",
        dependsOn: [],
        settings: { prune: false },
        overrides: { production: { timeout: "15m" } },
      },
    });
  });

  test("words that older YAML readers take for truth values are texts", () => {
    expect(Object.keys(configOf("version: 1\napps: {on: {path: on}, no: {path: yes}}\n").apps)).toEqual(["on", "no"]);
    expect(problemsOf("version: 1\ndefaults: {prune: yes}\n")).toEqual([
      '2:19 config-invalid defaults.prune is "yes"; write true or false',
    ]);
  });

  test("names that every object inherits are names like any other", () => {
    const text =
      "version: 1\nenvironments: {constructor: {}}\napps: {constructor: {path: a, constructor: {wait: false}}}\n";
    expect(configOf(text).apps).toEqual({
      constructor: { path: "a", dependsOn: [], settings: {}, overrides: { constructor: { wait: false } } },
    });
  });

  test("the example of the documentation has no mistake", async () => {
    const page = await readFile(join(import.meta.dirname, "../../docs/config.md"), "utf8");
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    expect(example).toContain("version: 1");
    expect(problemsOf(example)).toEqual([]);
  });
});

describe("what has no code yet", () => {
  test("is all that is wrong with a configuration that uses every key", async () => {
    const text = await readFile(join(import.meta.dirname, "full.yaml"), "utf8");
    const lines = problemsOf(text).map((line) => line.replace(/ is not supported yet.*/, ""));
    expect(lines).toEqual([
      "19:31 not-supported-yet environments.production.after",
      "19:47 not-supported-yet environments.production.deploy",
      "19:64 not-supported-yet environments.production.approve",
      "22:34 not-supported-yet apps.web.dependsOn",
      "23:20 not-supported-yet apps.grafana.helm.chart",
      "26:1 not-supported-yet images",
      "28:1 not-supported-yet checks",
      "30:1 not-supported-yet verify",
      "31:11 not-supported-yet sources.allow",
      "35:1 not-supported-yet notify",
      "37:11 not-supported-yet metrics.textfile",
      "37:27 not-supported-yet metrics.pushgateway",
    ]);
  });

  test("is named at each of the four levels of settings", () => {
    expect(
      problemsOf(yaml`
        version: 1
        defaults: {windows: [Mon]}
        environments: {staging: {decrypt: sops}}
        apps:
          web: {path: a, render: {command: [make]}, staging: {substitute: {a: b}}}
      `),
    ).toEqual([
      "2:12 not-supported-yet defaults.windows is not supported yet; remove it",
      "3:26 not-supported-yet environments.staging.decrypt is not supported yet; remove it",
      "5:18 not-supported-yet apps.web.render is not supported yet with this value; write auto, kustomize, helm or plain",
      "5:55 not-supported-yet apps.web.staging.substitute is not supported yet; remove it",
    ]);
  });

  test("is accepted where it says the default in other words", () => {
    expect(problemsOf("version: 1\ndrift: {remind: 1440m}\nplan: {stale: refuse}\n")).toEqual([]);
  });

  test("does not hide a mistake in the same key", () => {
    expect(problemsOf("version: 1\nplan: {mode: fast, stale: warn}\n")).toEqual([
      '2:14 config-invalid plan.mode is "fast"; write one of auto, dry-run, read-only, offline',
      "2:20 not-supported-yet plan.stale is not supported yet; remove it",
    ]);
  });
});

describe("mistakes are found all at once, each at its place", () => {
  test("unknown keys, with the key that was meant", () => {
    expect(
      problemsOf(yaml`
        version: 1
        defualts: {}
        environments: {production: {contxt: prod}}
        apps:
          web: {pth: apps/web, path: apps/web, prodction: {timeout: 5m}, production: {timeuot: 5m}}
        drift: {colour: red}
      `),
    ).toEqual([
      "2:1 unknown-key defualts is not a known key; write defaults, or remove it",
      "3:29 unknown-key environments.production.contxt is not a known key; write context, or remove it",
      "5:9 unknown-key apps.web.pth is not a known key; write path, or remove it",
      "5:40 unknown-key apps.web.prodction is not a known key; write production, or remove it",
      "5:79 unknown-key apps.web.production.timeuot is not a known key; write timeout, or remove it",
      "6:9 unknown-key drift.colour is not a known key; remove it; the keys here are mode, after, sightings, remind, extra",
    ]);
  });

  test("fields that cannot be left to others, at the very path", () => {
    expect(
      problemsOf(yaml`
        version: 1
        defaults:
          ignore:
            - kind: Deployment
              paths: [spec.replicas, "spec.template.spec.containers[0].image", metadata.name, ""]
            - {kind: "a deployment", paths: [/spec/replicas]}
            - {kind: Secret, paths: []}
      `),
    ).toEqual([
      '5:30 config-invalid defaults.ignore[0].paths[1] is "spec.template.spec.containers[0].image"; write spec.template.spec.containers[name=...] or spec.template.spec.containers[*]: a position shifts when the list changes; a key of a map is written spec.template.spec.containers["0"]',
      '5:72 config-invalid defaults.ignore[0].paths[2] is "metadata.name"; name a field that is not the identity of the object',
      '5:87 config-invalid defaults.ignore[0].paths[3] is ""; write a field, such as spec.template.spec.containers[name=web].image',
      '6:14 config-invalid defaults.ignore[1].kind is "a deployment"; write a kind such as Deployment, or apps/Deployment',
      "7:29 config-invalid defaults.ignore[2].paths is an empty list; write a list with at least one entry",
    ]);
  });

  test("values of another type or outside their range", () => {
    expect(
      problemsOf(yaml`
        version: 2
        defaults:
          namespaces: shop
          timeout: 0s
          onFailure: restart
        apps:
          web:
        policy:
          prune: {max: 1.5, ratio: 2}
        drift: {after: 1 hour, sightings: 0}
      `),
    ).toEqual([
      "1:10 config-invalid version is 2; write 1",
      '3:15 config-invalid defaults.namespaces is "shop"; write a list',
      '4:12 config-invalid defaults.timeout is "0s"; write a duration from 1s to 5d',
      '5:14 config-invalid defaults.onFailure is "restart"; write one of restore, stop',
      "7:7 config-invalid apps.web has no value; write a map",
      "9:16 config-invalid policy.prune.max is 1.5; write a whole number",
      "9:28 config-invalid policy.prune.ratio is 2; write at most 1",
      '10:16 config-invalid drift.after is "1 hour"; write a duration such as 90s, 5m, 1h30m or 7d',
      "10:35 config-invalid drift.sightings is 0; write at least 1",
    ]);
  });

  test("names that Kubernetes would not take, or that mean something else", () => {
    expect(
      problemsOf(yaml`
        version: 1
        environments:
          Production: {}
          timeout: {}
        apps:
          my_app: {path: a}
          ${"a".repeat(64)}: {path: a}
        system: {namespace: Plumb}
      `),
    ).toEqual([
      `3:3 config-invalid the name "Production" is not allowed; ${LABEL}`,
      '4:3 config-invalid the name "timeout" is not allowed; choose another name: this one is a key of an app',
      `6:3 config-invalid the name "my_app" is not allowed; ${LABEL}`,
      `7:3 config-invalid the name "${"a".repeat(64)}" is not allowed; ${LABEL}`,
      `8:21 config-invalid system.namespace is "Plumb"; ${LABEL}`,
    ]);
  });

  test("an app says what is rendered, in one way", () => {
    expect(
      problemsOf(yaml`
        version: 1
        apps:
          none: {prune: false}
          both: {path: a, helm: {chart: ./a}}
          pinned: {helm: {chart: ./a, version: 1.2.3}}
          empty: {helm: {values: []}}
      `),
    ).toEqual([
      "3:9 config-invalid apps.none is not valid; write path, the folder to render, or helm, the chart to render",
      "4:9 config-invalid apps.both is not valid; write path or helm, not both",
      '5:40 config-invalid apps.pinned.helm.version is "1.2.3"; remove it: a chart of this repository has the version that is in it',
      "6:17 config-invalid apps.empty.helm.chart is missing; write a text",
    ]);
  });

  test.each([
    "/etc",
    "../x",
    "a/../../b",
    "-o",
    "a/--post-renderer",
    "a\\\\b",
    "C:/x",
    "$environment/a",
    "${env}",
    "$HOME",
    "\\u0007",
  ])("the path %s is refused", (path) => {
    const lines = problemsOf(`version: 1\napps: {web: {path: "${path}"}}\n`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^2:20 config-invalid apps\.web\.path is .*; write a path relative to the repository's root/,
    );
  });

  test("a credential in place of its variable's name is not repeated", () => {
    const lines = problemsOf('version: 1\nnotify: [{slack: "https://hooks.example/T0/hunter2", events: [failed]}]\n');
    expect(lines).toEqual([
      "2:18 config-invalid notify[0].slack is not the name of an environment variable; write the name of an environment variable that holds the value, never the value itself",
    ]);
  });
});

describe("texts that are no configuration", () => {
  test.each([
    ["", "1:1 config-invalid the file is empty; write version: 1, or delete it"],
    ["# nothing yet\n", "1:1 config-invalid the file is empty; write version: 1, or delete it"],
    ["hello", '1:1 config-invalid the configuration is "hello"; write a map'],
    ["[version]", "1:1 config-invalid the configuration is a list; write a map"],
    ["apps: {}\n", "1:1 config-invalid version is missing; write 1"],
    ["version: 1\nversion: 1\n", "2:1 config-invalid a key is written twice in one map; remove one of them"],
    ["version: 1\n---\nversion: 1\n", "2:1 config-invalid the file holds several documents; remove the line ---"],
    [
      "version: 1\n\tbot: x\n",
      "2:1 config-invalid not valid YAML: tabs are not allowed as indentation; correct it here or in the lines above",
    ],
    [
      "version: 1\nbot: !secret x\n",
      "2:6 config-invalid not valid YAML: unresolved tag: !secret; correct it here or in the lines above",
    ],
    [
      "version: 1\ndefaults: {prune: true\nplan: {}\n",
      "3:1 config-invalid not valid YAML: a bracket is not closed; correct it here or in the lines above",
    ],
    ["version: 1\nbot: *slug\n", "2:6 config-invalid no anchor has the name slug; write the value out"],
    [
      "version: 1\napps: {__proto__: {path: a}}\n",
      "2:8 config-invalid the key __proto__ is not allowed; choose another name",
    ],
  ])("%j", (text, line) => {
    expect(problemsOf(text)).toContain(line);
  });

  test("one that nests without end is refused, not followed", () => {
    expect(problemsOf("[".repeat(100_000))[0]).toContain("the file is nested too deeply");
  });

  test("one whose aliases grow without end is refused, not followed", () => {
    const levels = Array.from({ length: 12 }, (_, level) => `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`);
    const text = ["version: 1", ...levels].join("\n").replace(/\[(\*a-1,)+\]/, "[x]");
    expect(problemsOf(text)).toEqual([
      "1:1 config-invalid the file is nested too deeply or repeats its anchors too often; write the values out",
    ]);
  });

  test("one that is larger than any configuration is refused unread", () => {
    expect(problemsOf(`version: 1 #${"x".repeat(300_000)}`)).toEqual([
      "1:1 config-invalid the file is larger than 256 KiB; make it smaller",
    ]);
  });
});
