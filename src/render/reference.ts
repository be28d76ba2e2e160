// Spellings that kustomize, or a later version of it, may fetch. It looks for a repository before it looks for a folder, so a
// text is either plainly a path or refused. https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/git/repospec.go
const REMOTE: readonly (readonly [RegExp, string])[] = [
  [/:\/\//, "it is a URL"],
  [/^\s*(https?|ssh|git|file|ftp|s3|gcs|oci|hg|gh):/i, "it is a URL"],
  [/::/, "it forces a way of fetching"],
  [/\?/, "it has a query"],
  [/@/, "it names a user or a version of something remote"],
  [/^[^/]*:.*(\/|\.git)/, "it is an address in the form host:path"],
  [
    /^\s*(www\.|gist\.|raw\.|ssh\.)?(github|gitlab|bitbucket|codeberg|githubusercontent|dev\.azure|visualstudio)\.(com|org|net)([/:]|$)/i,
    "it names a host",
  ],
];

/** Why a reference of a kustomization may leave this repository's files; `undefined` when it is a relative path and nothing else. */
export function remoteReason(reference: string): string | undefined {
  if (reference.trimStart().startsWith("-")) return "it begins with a dash, which a program could read as an option";
  return REMOTE.find(([shape]) => shape.test(reference))?.[1];
}

/** What kustomize fetches wherever it takes the path of a file, also in the configuration of a transformer. */
export function isRemoteFile(reference: string): boolean {
  return /^\s*https?:/i.test(reference);
}
