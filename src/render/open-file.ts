import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** What stands at a path of its own, open for reading. */
export interface OpenFile extends Disposable {
  readonly isRegular: boolean;
  /** In bytes, when it was opened. */
  readonly size: number;
  /** No more than `size`: a file that grows while it is read would escape every limit. */
  read(): Buffer;
}

/** NOFOLLOW, and one descriptor for check and content: an entry that turns into a link meanwhile is an error, not a way out. */
export function openFile(file: string): OpenFile {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = fstatSync(descriptor);
  const { size } = stats;
  return {
    isRegular: stats.isFile(),
    size,
    read: () => {
      const buffer = Buffer.alloc(size);
      return buffer.subarray(0, readSync(descriptor, buffer, 0, size, 0));
    },
    [Symbol.dispose]: () => closeSync(descriptor),
  };
}
