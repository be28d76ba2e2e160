import type { Git } from "./git.ts";
import { apiUrl, pageUrl, type Repository, type Store } from "./store.ts";

/** What one commit or tree changes in one file of another. */
export interface FileDiff {
  readonly filename: string;
  readonly previous: string | undefined;
  readonly status: "added" | "removed" | "modified" | "renamed" | "changed";
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Absent for binary files. */
  readonly patch: string | undefined;
}

/** In the order of file names. */
export async function readDiff(git: Git, from: string, to: string): Promise<readonly FileDiff[]> {
  const compare = (...format: readonly string[]) =>
    git.run(["diff", "-M", "--no-ext-diff", "--no-color", "--full-index", ...format, from, to, "--"]);
  const [raw, counts, patches] = [
    await compare("--raw", "--no-abbrev", "-z"),
    await compare("--numstat", "-z"),
    await compare("--patch"),
  ];
  const changes = parseRaw(raw);
  const lines = parseCounts(counts);
  const hunks = parsePatches(patches);
  return changes.map((change, index) => ({
    ...change,
    ...(lines[index] ?? { additions: 0, deletions: 0 }),
    // A change of type prints two patches for one file; then the places no longer correspond.
    patch: hunks.length === changes.length ? hunks[index] : undefined,
  }));
}

export function toDiffEntry(store: Store, repository: Repository, sha: string, file: FileDiff): unknown {
  const path = file.filename.split("/").map(encodeURIComponent).join("/");
  const html = pageUrl(store, repository);
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html}/blob/${sha}/${path}`,
    raw_url: `${html}/raw/${sha}/${path}`,
    contents_url: `${apiUrl(store, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch !== undefined && { patch: file.patch }),
    ...(file.previous !== undefined && { previous_filename: file.previous }),
  };
}

type Change = Pick<FileDiff, "filename" | "previous" | "status" | "sha">;

const STATUS: Readonly<Record<string, FileDiff["status"]>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  T: "changed",
};

/** `:100644 100644 <old> <new> M NUL path NUL`, with a second path after R. */
function parseRaw(raw: string): readonly Change[] {
  const fields = raw.split("\0");
  const changes: Change[] = [];
  for (let index = 0; index + 1 < fields.length;) {
    const [, , oldSha = "", newSha = "", letters = ""] = (fields[index] ?? "").split(" ");
    const status = STATUS[letters.charAt(0)] ?? "changed";
    const isRename = status === "renamed";
    const [first = "", second = ""] = fields.slice(index + 1, index + 3);
    const sha = status === "removed" ? oldSha : newSha;
    changes.push({ status, sha, filename: isRename ? second : first, previous: isRename ? first : undefined });
    index += isRename ? 3 : 2;
  }
  return changes;
}

/** `added TAB deleted TAB path NUL`; a rename has an empty path and two more fields; `-` for binary files. */
function parseCounts(counts: string): readonly Pick<FileDiff, "additions" | "deletions">[] {
  return counts.split("\0").flatMap((field) => {
    const match = /^(\d+|-)\t(\d+|-)\t/.exec(field);
    if (match === null) return [];
    return [{ additions: Number(match[1]) || 0, deletions: Number(match[2]) || 0 }];
  });
}

function parsePatches(text: string): readonly (string | undefined)[] {
  return text
    .split(/^diff --git .*\n/m)
    .slice(1)
    .map((patch) => /^@@[\s\S]*/m.exec(patch)?.[0].replace(/\n$/, ""));
}
