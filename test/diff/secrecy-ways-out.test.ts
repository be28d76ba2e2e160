import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SourceObject } from "../../src/model/object.ts";
import type { TargetReport } from "../../src/model/plan.ts";
import { createMasker } from "../../src/diff/masker.ts";
import { secretTexts } from "../../src/diff/secrecy.ts";
import { planTarget } from "../../src/flow/plan-target.ts";
import { parseManifests } from "../../src/manifest/parse.ts";
import { checkText } from "../../src/report/check-text.ts";
import { consoleText } from "../../src/report/console.ts";
import { driftIssue } from "../../src/report/drift-issue.ts";
import { createGuard } from "../../src/report/guard.ts";
import { htmlPage } from "../../src/report/html.ts";
import { planComment } from "../../src/report/plan-comment.ts";
import { formatPlanJson } from "../../src/report/plan-json.ts";
import { summary } from "../../src/report/summary.ts";
import { dedent } from "../support/yml.ts";
import { drift, problem, run } from "../report/run-report.ts";

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

const quoted = JSON.stringify;

function secretObject(body: string): string {
  return `{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, ${body}}`;
}

function configMap(data: string): string {
  return `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": ${data}}`;
}

function pod(container: string): string {
  return `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", ${container}}]}}`;
}

/** Every form in which a secret stands in a manifest; each gives JSON. */
const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  data: (secret) => secretObject(`"data": {"k": ${quoted(base64(secret))}}`),
  "data, encoded twice": (secret) => secretObject(`"data": {"k": ${quoted(base64(base64(secret)))}}`),
  stringData: (secret) => secretObject(`"stringData": {"k": ${quoted(secret)}}`),
  "a field that is misspelled": (secret) => secretObject(`"StringData": {"k": ${quoted(secret)}}`),
  "kubectl's copy": (secret) => annotated("kubectl.kubernetes.io/last-applied-configuration", secret, ["data"]),
  "kapp's copy": (secret) => annotated("kapp.k14s.io/original", secret),
  "a copy of any other tool": (secret) => annotated("acme.example/copy", secret),
  "a release of Helm": (secret) =>
    secretObject(`"type": "helm.sh/release.v1", "data": {"release": ${quoted(base64(base64(secret.repeat(60))))}}`),
  "credentials of a registry": (secret) =>
    secretObject(
      `"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": ${quoted(base64(registry(secret)))}}`,
    ),
  "an environment file": (secret) => secretObject(`"stringData": {".env": ${quoted(`A=b\nDB='${secret}'\n`)}}`),
  "a file of YAML": (secret) => secretObject(`"stringData": {"a.yaml": ${quoted(`a:\n  b: ${secret}\n`)}}`),
  "a file of JSON": (secret) => secretObject(`"stringData": {"a.json": ${quoted(quoted({ a: [{ b: secret }] }))}}`),
  "a URL": (secret) => secretObject(`"stringData": {"url": ${quoted(`amqp://me:${encodeURIComponent(secret)}@mq/x`)}}`),
  "a URL in a ConfigMap": (secret) => configMap(`{"url": ${quoted(`amqp://me:${encodeURIComponent(secret)}@mq/x`)}}`),
  "a key of a ConfigMap": (secret) => configMap(`{"DB_PASSWORD": ${quoted(secret)}}`),
  "a private key in a ConfigMap": (secret) => configMap(`{"tls.key": ${quoted(privateKey(secret))}}`),
  "a private key in base64": (secret) =>
    configMap(`{"config": ${quoted(`client-key-data: ${base64(privateKey(secret))}`)}}`),
  "a variable of a container": (secret) => pod(`"env": [{"name": "API_KEY", "value": ${quoted(secret)}}]`),
  "an argument": (secret) => pod(`"args": ["--client-secret", ${quoted(secret)}]`),
  "a token in an argument": (secret) => pod(`"args": [${quoted(`--auth=ghp_${tokenOf(secret)}`)}]`),
};

/** A copy of the secret in an annotation, and the secret itself in some fields. */
function annotated(annotation: string, secret: string, fields: readonly string[] = []): string {
  const copy = quoted({ kind: "Secret", data: { k: base64(secret) } });
  const data = Object.fromEntries(fields.map((field) => [field, { k: base64(secret) }]));
  return quoted({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", annotations: { [annotation]: copy } },
    ...data,
  });
}

function registry(secret: string): string {
  return quoted({ auths: { "ghcr.io": { username: "bot", password: secret, auth: base64(`bot:${secret}`) } } });
}

function privateKey(secret: string): string {
  return `-----BEGIN PRIVATE KEY-----\n${base64(secret)}\n-----END PRIVATE KEY-----\n`;
}

function tokenOf(secret: string): string {
  return Buffer.from(secret).toString("hex").padEnd(40, "0");
}

/** Neither a word, nor so short that it would be in any text by chance. */
const password = fc.stringMatching(/^[A-Za-z0-9!$%&()*+,\-./;=?@^_~|]{11,70}$/).map((text) => `q7${text}Z`);

async function planned(
  base: string,
  head: string,
): Promise<{ readonly report: TargetReport; readonly learned: readonly string[] }> {
  const learned: string[] = [];
  const { report } = await planTarget(
    {
      settings: {
        target: { environment: "test", app: "app" },
        path: "app",
        settings: {
          render: "plain",
          namespace: "shop",
          prune: true,
          adopt: false,
          wait: true,
          timeoutMilliseconds: 30_000,
          onFailure: "restore",
          namespaces: [],
          ignore: [],
        },
      },
      base: { objects: sources(base), problems: [], renderer: "plain" },
      head: { objects: sources(head), problems: [], renderer: "plain" },
      repository: { id: "1", name: "acme/shop" },
      policy: { max: 10, ratio: 0.25, protect: [] },
      learn: (object) => learned.push(...secretTexts(object)),
    },
    new AbortController().signal,
  );
  return { report, learned };
}

function sources(text: string): readonly SourceObject[] {
  return parseManifests(dedent(text), "app.json").objects;
}

/** Everything that a run says, with what the server, a webhook or a tool may repeat of the secret. */
async function told(form: (secret: string) => string, before: string, after: string): Promise<readonly string[]> {
  const { report, learned } = await planned(form(before), form(after));
  expect(report.changes).toHaveLength(1);
  const masker = createMasker();
  for (const text of learned) masker.learn(text);
  const guard = createGuard(masker);
  const said = `webhook denied the request: ${form(before)} became ${form(after)}`;
  const [object] = report.changes;
  const shown = guard.report(
    run(
      [
        {
          ...report,
          digest: "sha256:0",
          rendered: "sha256:0",
          intent: "sha256:0",
          changes: [{ ...object!, warnings: [said], because: said }],
          drift: [drift("changed", "Deployment shop/web", { path: "spec.x", git: said, live: [said] })],
          problems: [...report.problems, problem("blocker", said, { remedy: said })],
        },
      ],
      { notes: [said] },
    ),
  );
  const target = { environment: "test", app: "app" };
  return [
    guard.markdown(planComment(shown)),
    guard.markdown(summary(shown)),
    guard.markdown(checkText(shown, target).text),
    guard.markdown(driftIssue(shown, target).body),
    guard.html(htmlPage(shown)),
    guard.terminal(consoleText(shown, { colour: false })),
    guard.json(formatPlanJson(shown)),
    guard.log(said),
    guard.plain(said),
  ];
}

/** As somebody would look for it; nothing that the texts hold anyway. */
function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    base64(secret).replace(/=+$/, ""),
    base64(base64(secret)).replace(/=+$/, ""),
    bytes.toString("hex"),
    encodeURIComponent(secret),
    quoted(secret).slice(1, -1),
    tokenOf(secret),
  ];
}

describe.for(Object.entries(FORMS))("a secret in the form of %s", ([, form]) => {
  test("is told by nothing that a run says, and neither is its length", async () => {
    await fc.assert(
      fc.asyncProperty(password, password, password, async (before, after, longer) => {
        fc.pre(before !== after && after !== longer && before !== longer);
        const texts = await told(form, before, after);
        for (const text of texts)
          for (const spelling of [before, after].flatMap(spellingsOf)) expect(text).not.toContain(spelling);
        expect(await told(form, before, `${longer}${after}`)).toEqual(texts);
      }),
      { numRuns: 8 },
    );
  });
});
