/** Replaces what differs from run to run by what it is. The same thing has the same name in all texts of one normalizer. */
export interface Normalizer {
  /** From now on these commits have these names. */
  name(commits: ReadonlyMap<string, string>): void;
  normalize(text: string): string;
}

export function createNormalizer(): Normalizer {
  const commits = new Map<string, string>();
  const digests = numbered("digest");
  const sets = numbered("set");
  const uids = numbered("uid");
  const rules: readonly Rule[] = [
    [/http:\/\/127\.0\.0\.1:\d+/g, () => "https://github.test"],
    [/https:\/\/127\.0\.0\.1:\d+/g, () => "https://cluster.test"],
    [/127\.0\.0\.1:\d+/g, () => "127.0.0.1:<port>"],
    [/\bghs_[0-9a-f]+/g, () => "<token>"],
    [/^::add-mask::.*$/gm, () => "::add-mask::<credential>"],
    [/\bapplyset-[\w-]{43}-v1\b/g, (set) => sets(set)],
    [/\/[^\s"`]*\/runner-\w+\//g, () => "<temp>/"],
    [/\/[^\s"`]*\/workspace-\w+/g, () => "<workspace>"],
    [/sha256:([0-9a-f]{64})/g, (_, digest) => `sha256:${digests(digest)}`],
    [/"keyId":"[0-9a-f]{12}"/g, () => '"keyId":"<key>"'],
    [/\b([0-9a-f]{40})\b/g, (sha) => commits.get(sha) ?? "<unknown commit>"],
    [/\b([0-9a-f]{7})\b/g, (sha) => byPrefix(commits, sha)],
    [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, (uid) => uids(uid)],
    [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| UTC)/g, () => "<time>"],
    [/\b\d+ (?:second|minute)s? ago|\bjust now\b/g, () => "<age> ago"],
    [/\b\d+(?:\.\d+)? (?:s|ms)\b(?=$|[ ·<])/gm, () => "<duration>"],
    [/· \d+ requests? ·/g, () => "· <n> requests ·"],
    [/(?<=\/(?:comments|check-runs)\/|#issuecomment-)\d+/g, () => "<id>"],
    [/(?<="kind":"answer","key":")\d+/g, () => "<id>"],
    [/("resourceVersion":|resourceVersion=)"?\d+"?/g, (_, name) => `${name}<version>`],
  ];
  return {
    name: (named) => named.forEach((name, sha) => commits.set(sha, `<${name}>`)),
    normalize: (text) => rules.reduce((result, [pattern, by]) => result.replace(pattern, by), text),
  };
}

type Rule = readonly [pattern: RegExp, by: (match: string, group: string) => string];

function byPrefix(commits: ReadonlyMap<string, string>, prefix: string): string {
  const found = [...commits].find(([sha]) => sha.startsWith(prefix));
  return found === undefined ? prefix : found[1];
}

/** Numbers by first sight, so that a text shows what is the same and what is not. */
function numbered(what: string): (text: string) => string {
  const seen = new Map<string, string>();
  return (text) => {
    const name = seen.get(text) ?? `<${what} ${seen.size + 1}>`;
    seen.set(text, name);
    return name;
  };
}
