import path from "node:path";

/**
 * A path inside the repository, relative to its root, normalised, without `.` and `..`; `.` is the root itself.
 * `undefined` for one that leaves the repository, is absolute, enters `.git`, or has characters that no path of ours may have.
 */
export function repositoryPath(folder: string, reference: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (reference === "" || /[\u0000-\u001f\u007f\\]/.test(reference) || path.posix.isAbsolute(reference))
    return undefined;
  const joined = path.posix.normalize(path.posix.join(folder, reference)).replace(/(?<=.)\/$/, "");
  const parts = joined.split("/");
  return parts.includes("..") || parts.some((part) => part.toLowerCase() === ".git") ? undefined : joined;
}

/** `inner` is `outer` or lies below it; both as `repositoryPath` gives them. */
export function isWithin(inner: string, outer: string): boolean {
  return outer === "." || inner === outer || inner.startsWith(`${outer}/`);
}
