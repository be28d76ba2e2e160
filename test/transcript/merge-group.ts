import { rm } from "node:fs/promises";
import type { Project } from "../support/project/project.ts";
import { checkOut } from "../support/project/workspace.ts";
import { runStep, type StepResult } from "../support/runner/runner.ts";

/** The run of a `merge_group` event for a branch of the merge queue. */
export async function onMergeGroup(
  { github, repository }: Project,
  { branch, kubeconfig }: { readonly branch: string; readonly kubeconfig: string },
): Promise<StepResult> {
  const permissions = { contents: "read", checks: "write" } as const;
  const token = github.token({ login: "github-actions[bot]", permissions, repositories: [repository.name] });
  const ref = `refs/heads/${branch}`;
  const { path, sha } = await checkOut(repository.cloneUrl, ref, token);
  const group = { head_sha: sha, head_ref: ref, base_sha: await repository.head("main"), base_ref: "refs/heads/main" };
  const payload = {
    action: "checks_requested",
    merge_group: group,
    repository: { id: 1, default_branch: "main" },
  };
  try {
    return await runStep({
      event: { name: "merge_group", payload },
      repository: repository.name,
      sha,
      ref,
      workspace: path,
      token,
      apiUrl: github.url,
      serverUrl: github.url,
      env: { KUBECONFIG: kubeconfig },
    });
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
