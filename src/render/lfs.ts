const LFS = "version https://git-lfs.github.com/spec/";

/** A file that a renderer would read, and that Git LFS replaced by a note where its content is. */
export function isLfsPointer(place: string, content: Buffer): boolean {
  const isRead = /\.(ya?ml|json|tpl|tgz)$|(^|\/)Kustomization$/.test(place);
  return isRead && content.subarray(0, LFS.length).toString("latin1") === LFS;
}
