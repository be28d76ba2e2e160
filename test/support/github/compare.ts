import { type Answer, notFound, ok } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { readCommit, resolveCommit, toCommit } from "./commits.ts";
import { readDiff, toDiffEntry } from "./diff.ts";
import { pageOf } from "./pagination.ts";
import { apiUrl, pageUrl } from "./store.ts";

const FILES = 300;

export const compareRoutes = { "repos/compare-commits-with-basehead": compare };

async function compare(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const { git } = repository;
  const [baseRef = "", headRef = ""] = textIn(call, "basehead").split("...");
  const base = await resolveCommit(git, baseRef);
  const head = await resolveCommit(git, headRef);
  const mergeBase = base && head && (await git.attempt(["merge-base", base, head]));
  if (base === undefined || head === undefined || !mergeBase) throw notFound();
  const count = async (range: string) => Number(await git.run(["rev-list", "--count", range]));
  const [ahead, behind] = [await count(`${base}..${head}`), await count(`${head}..${base}`)];
  const shas = await git.run(["rev-list", "--reverse", "--topo-order", `${base}..${head}`]);
  const { items, headers } = pageOf(
    call,
    shas.split("\n").filter((sha) => sha !== ""),
  );
  const toJson = async (sha: string) => toCommit(store, repository, await readCommit(git, sha));
  // Files are on the first page only, whatever the page size.
  const isFirst = Number(call.query["page"] ?? 1) === 1;
  const files = isFirst ? await readDiff(git, mergeBase, head) : [];
  const html = `${pageUrl(store, repository)}/compare/${baseRef}...${headRef}`;
  const body = {
    url: `${apiUrl(store, repository)}/compare/${baseRef}...${headRef}`,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: await toJson(base),
    merge_base_commit: await toJson(mergeBase),
    status: statusOf(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: await Promise.all(items.map(toJson)),
    files: files.slice(0, FILES).map((file) => toDiffEntry(store, repository, head, file)),
  };
  return ok(body, headers);
}

function statusOf(ahead: number, behind: number): "identical" | "ahead" | "behind" | "diverged" {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
  return behind > 0 ? "behind" : "identical";
}
