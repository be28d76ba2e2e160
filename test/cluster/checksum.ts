/** A digest as publishers write it: 64 hex digits of SHA-256 or 128 of SHA-512. */
export interface Checksum {
  readonly algorithm: "sha256" | "sha512";
  readonly hex: string;
}

/** The checksum of `asset` in a published list: a bare digest, or lines of digest and name. `undefined` if it has none. */
export function checksumInList(list: string, asset: string): Checksum | undefined {
  const lines = list.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim().split(/\s+/)]));
  const named = lines.find(([, name]) => name?.replace(/^\*/, "") === asset);
  const bare = lines.length === 1 && lines[0]?.length === 1 ? lines[0] : undefined;
  const [hex] = named ?? bare ?? [];
  return hex === undefined ? undefined : checksum(hex);
}

/** The checksum of `asset` in GitHub's description of a release. `undefined` if it has none. */
export function checksumInGithubRelease(json: string, asset: string): Checksum | undefined {
  const release = JSON.parse(json) as {
    readonly assets?: readonly { readonly name: string; readonly digest?: unknown }[];
  };
  const digest = release.assets?.find(({ name }) => name === asset)?.digest;
  return typeof digest === "string" ? checksum(digest.replace(/^sha(256|512):/, "")) : undefined;
}

function checksum(hex: string): Checksum | undefined {
  if (!/^[0-9a-f]+$/i.test(hex)) return undefined;
  if (hex.length === 64) return { algorithm: "sha256", hex: hex.toLowerCase() };
  if (hex.length === 128) return { algorithm: "sha512", hex: hex.toLowerCase() };
  return undefined;
}
