import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startControlPlane, type ControlPlane } from "../cluster/control-plane.ts";
import { provideBinaries } from "../cluster/binaries.ts";
import { startProject, type Project } from "../support/project/project.ts";
import type { StepResult } from "../support/runner/runner.ts";
import { servePages, type RunPage } from "./pages.ts";
import { joinKubeconfigs } from "./kubeconfigs.ts";
import { kubectlWith } from "./kubectl.ts";
import { putIntoReadme } from "./readme.ts";
import { say, show, title } from "./screen.ts";

// The whole story on this machine: a small shop on two clusters and a GitHub, all of them here, and the action as users run it.
const keep = process.argv.includes("--keep");
const SHOP = join(import.meta.dirname, "shop");
const pages: RunPage[] = [];

const binaries = await provideBinaries({ env: process.env, say });
say("starting two control planes (staging, production) and a GitHub ...");
await using stack = new AsyncDisposableStack();
const [staging, production] = await Promise.all([
  startControlPlane({ tools: binaries, say }),
  startControlPlane({ tools: binaries, say }),
]);
stack.use(staging);
stack.use(production);
const kubeconfig = await joinKubeconfigs({ staging, production });
const project = stack.use(await startProject({ files: seed(), kubeconfig, tools: binaries }));
await story(project, production);
if (keep) await stay(project, kubeconfig);
else say("that was the whole story; npm run demo -- --keep leaves everything running to look around");

async function story(shop: Project, cluster: ControlPlane): Promise<void> {
  const kubectl = kubectlWith(binaries.kubectl, cluster.kubeconfig);

  title("1. main is applied to both clusters for the first time");
  ended(await shop.onPush(), "applied");

  title("2. a pull request; meanwhile somebody has scaled the reports in production by hand");
  say(await kubectl("--namespace=shop", "scale", "deployment/reports", "--replicas=9"));
  const pull = await shop.open("Checkout in one page", {
    "apps/web/base/deployment.yaml": changed("apps/web/base/deployment.yaml", "web:1.4.0", "web:1.5.0"),
    "apps/web/base/config.yaml": changed("apps/web/base/config.yaml", "CHECKOUT: classic", "CHECKOUT: one-page"),
    "apps/web/base/secret.yaml": changed("apps/web/base/secret.yaml", "pay-test-4711-abcdef", "pay-test-4712-fedcba"),
    "charts/reports/values-production.yaml": changed(
      "charts/reports/values-production.yaml",
      "replicas: 3",
      "replicas: 4",
    ),
  });
  ended(await shop.onPull(pull, { action: "opened" }), "changes");
  const comment = shop.repository.comments(pull).at(-1)?.body;
  show("the comment on the pull request", comment);
  if (process.argv.includes("--readme")) await putIntoReadme(comment ?? "");

  title("3. it is merged, and the merge applies it");
  await shop.repository.merge(pull);
  ended(await shop.onPush(), "applied");
  show("the report on the merged pull request", shop.repository.comments(pull).at(-1)?.body);

  title("4. somebody changes production by hand");
  say(await kubectl("--namespace=shop", "scale", "deployment/reports", "--replicas=9"));
  say(await kubectl("--namespace=shop", "set", "image", "deployment/web", "web=registry.example/shop/web:debug"));
  say(await kubectl("--namespace=shop", "delete", "service/web"));

  title("5. the scheduled run finds it and opens an issue for each target");
  ended(await shop.onSchedule(), "drifted");
  for (const issue of driftIssues(shop)) show(`issue #${issue.number} (${issue.state}): ${issue.title}`, issue.body);

  title("6. apply, started by hand, brings production back");
  ended(await shop.onDispatch("apply"), "applied");

  title("7. the next scheduled run finds nothing, and closes the issues");
  ended(await shop.onSchedule(), "in-sync");
  for (const issue of driftIssues(shop)) show(`issue #${issue.number} (${issue.state}): ${issue.title}`, issue.body);
  if (shop.github.violations.length > 0)
    throw new Error(`GitHub's description was violated: ${JSON.stringify(shop.github.violations)}`);
}

/** The demo is a proof as well: a step that ends otherwise than the story says ends the demo. */
function ended(step: StepResult, result: string): void {
  const file = step.outputs["html-path"];
  if (file !== undefined) pages.push({ title: `run ${pages.length + 1}: ${result}`, file });
  // A runner keeps what it is told to mask to itself.
  const lines = step.stdout.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("::add-mask::"));
  for (const line of lines) say(`  ${line}`);
  if (step.outputs["result"] === result && step.code === 0) return;
  throw new Error(
    `expected ${result}, got ${step.outputs["result"] ?? "nothing"} (exit code ${String(step.code)})\n${step.stderr}`,
  );
}

function driftIssues(shop: Project): ReturnType<Project["repository"]["issues"]> {
  return shop.repository.issues().filter((issue) => issue.labels.includes("drift"));
}

function seed(): Record<string, string> {
  const files = globSync("**/*", { cwd: SHOP, withFileTypes: true })
    .concat(globSync(".github/**/*", { cwd: SHOP, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file.slice(SHOP.length + 1), readFileSync(file, "utf8")]));
}

function changed(file: string, from: string, to: string): string {
  const text = readFileSync(join(SHOP, file), "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  return text.replace(from, to);
}

async function stay(shop: Project, config: string): Promise<void> {
  title("everything stays up until Ctrl-C");
  say(`export KUBECONFIG=${config}`);
  say(`${binaries.kubectl} --context production --namespace shop get all`);
  const { url, server } = await servePages(shop, pages);
  say(`${url}   what was posted on GitHub, and the pages of the runs`);
  say(`git clone ${shop.repository.cloneUrl}`);
  await new Promise((resolve) => process.once("SIGINT", resolve));
  server.close();
}
