import { gunzipSync } from "node:zlib";

const BLOCK = 512;

/** The content of the file called `name`, in whatever folder of a .tar.gz it lies; throws where there is none. */
export function fileInArchive(archive: Uint8Array, name: string): Uint8Array {
  const tar = gunzipSync(archive);
  let offset = 0;
  while (offset + BLOCK <= tar.length) {
    const header = tar.subarray(offset, offset + BLOCK);
    const size = Number.parseInt(field(header, 124, 12), 8) || 0;
    const start = offset + BLOCK;
    const isFile = ["0", ""].includes(field(header, 156, 1));
    if (isFile && field(header, 0, 100).split("/").at(-1) === name) return tar.subarray(start, start + size);
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`${name}: not in the archive; the release has another form than expected`);
}

function field(header: Uint8Array, start: number, length: number): string {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end))
    .toString("latin1")
    .trim();
}
