/** The first seven characters of a commit's name, as Git and GitHub print it. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}
