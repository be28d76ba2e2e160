import { expect, test } from "vitest";
import { startGitHub } from "./github.ts";

test("smoke", async () => {
  await using github = await startGitHub();
  const repository = await github.repository("acme/shop");
  await repository.commit("main", { "a.txt": "one\n", "dir/b.txt": "b\n" });
  await repository.commit("feature", { "a.txt": "two\n" }, { from: "main" });
  const number = await repository.pullRequest({ branch: "feature", title: "Change a" });
  const token = github.token({
    login: "github-actions[bot]",
    permissions: {
      pull_requests: "write",
      checks: "write",
      contents: "write",
      issues: "write",
      statuses: "write",
      deployments: "write",
    },
  });
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${github.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    console.log(method, path, answer.status, text.slice(0, answer.status >= 400 ? 2000 : 80));
    return text === "" ? undefined : JSON.parse(text);
  };
  const at = "/repos/acme/shop";
  await call("GET", `${at}`);
  const pull = await call("GET", `${at}/pulls/${number}`);
  await call("GET", `${at}/pulls`);
  await call("GET", `${at}/pulls/${number}/files`);
  await call("GET", `${at}/pulls/${number}/commits`);
  const comment = await call("POST", `${at}/issues/${number}/comments`, { body: "hi" });
  await call("PATCH", `${at}/issues/comments/${comment.id}`, { body: "hi2" });
  const reaction = await call("POST", `${at}/issues/comments/${comment.id}/reactions`, { content: "eyes" });
  await call("GET", `${at}/issues/comments/${comment.id}/reactions`);
  await call("GET", `${at}/issues/comments/${comment.id}`);
  await call("DELETE", `${at}/issues/comments/${comment.id}/reactions/${reaction.id}`);
  await call("GET", `${at}/issues/${number}/comments`);
  await call("GET", `${at}/issues/comments?sort=updated`);
  const check = await call("POST", `${at}/check-runs`, {
    name: "plumb plan",
    head_sha: pull.head.sha,
    output: {
      title: "t",
      summary: "s",
      annotations: [{ path: "a.txt", start_line: 1, end_line: 1, annotation_level: "warning", message: "m" }],
    },
  });
  await call("PATCH", `${at}/check-runs/${check.id}`, { conclusion: "success" });
  await call("GET", `${at}/check-runs/${check.id}`);
  await call("GET", `${at}/check-runs/${check.id}/annotations`);
  await call("GET", `${at}/commits/feature/check-runs?check_name=plumb%20plan`);
  const issue = await call("POST", `${at}/issues`, { title: "drift", body: "b", labels: ["drift"] });
  await call("PATCH", `${at}/issues/${issue.number}`, { state: "closed" });
  await call("GET", `${at}/issues?state=all&labels=drift&creator=github-actions%5Bbot%5D`);
  await call("GET", `${at}/issues/${issue.number}`);
  await call("POST", `${at}/issues/${issue.number}/labels`, { labels: ["x y"] });
  await call("GET", `${at}/issues/${issue.number}/labels`);
  await call("DELETE", `${at}/issues/${issue.number}/labels/x%20y`);
  await call("PUT", `${at}/issues/${issue.number}/labels`, { labels: ["z"] });
  await call("POST", `${at}/labels`, { name: "n", color: "ff0000" });
  await call("GET", `${at}/labels`);
  await call("GET", `${at}/labels/n`);
  await call("POST", `${at}/statuses/${pull.head.sha}`, { state: "success", context: "ci" });
  await call("GET", `${at}/commits/feature/status`);
  await call("GET", `${at}/commits/feature/statuses`);
  const deployment = await call("POST", `${at}/deployments`, {
    ref: "main",
    environment: "staging",
    required_contexts: [],
    auto_merge: false,
  });
  await call("POST", `${at}/deployments/${deployment.id}/statuses`, { state: "success" });
  await call("GET", `${at}/deployments/${deployment.id}/statuses`);
  await call("GET", `${at}/deployments/${deployment.id}`);
  await call("GET", `${at}/deployments`);
  await call("GET", `${at}/branches/main`);
  await call("GET", `${at}/collaborators/ada/permission`);
  await call("GET", `${at}/git/ref/heads/main`);
  await call("GET", `${at}/git/matching-refs/heads/`);
  const blob = await call("POST", `${at}/git/blobs`, { content: "hello" });
  await call("GET", `${at}/git/blobs/${blob.sha}`);
  const tree = await call("POST", `${at}/git/trees`, {
    base_tree: pull.base.sha,
    tree: [
      { path: "c/d.txt", mode: "100644", type: "blob", sha: blob.sha },
      { path: "a.txt", mode: "100644", type: "blob", sha: null },
    ],
  });
  await call("GET", `${at}/git/trees/${tree.sha}?recursive=1`);
  const commit = await call("POST", `${at}/git/commits`, { message: "m", tree: tree.sha, parents: [pull.base.sha] });
  await call("GET", `${at}/git/commits/${commit.sha}`);
  await call("POST", `${at}/git/refs`, { ref: "refs/heads/other", sha: commit.sha });
  await call("PATCH", `${at}/git/refs/heads/other`, { sha: pull.head.sha, force: true });
  await call("DELETE", `${at}/git/refs/heads/other`);
  await call("GET", `${at}/contents/dir/b.txt`);
  await call("GET", `${at}/contents/dir`);
  await call("GET", `${at}/contents/`);
  await call("PUT", `${at}/contents/new.txt`, { message: "new", content: "aGk=", branch: "feature" });
  await call("GET", `${at}/compare/main...feature`);
  await call("GET", `${at}/commits/feature`);
  await call("GET", `${at}/commits`);
  await call("GET", `${at}/commits/${pull.head.sha}/pulls`);
  await call("PATCH", `${at}/pulls/${number}`, { title: "other" });
  await call("GET", `/user`);
  await call("GET", `/meta`);
  await call("GET", `/rate_limit`);
  await call("POST", `/graphql`, { query: "{ viewer { login databaseId } }" });
  await repository.merge(number);
  await call("GET", `${at}/pulls/${number}`);
  await call("GET", `${at}/pulls?state=closed`);
  await call("DELETE", `${at}/issues/comments/${comment.id}`);
  expect(github.violations).toEqual([]);
});
