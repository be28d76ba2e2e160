import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { fileInArchive } from "./tar.ts";

test("a program that the archive does not hold is told", () => {
  const empty = gzipSync(Buffer.alloc(1024));
  expect(() => fileInArchive(empty, "etcd")).toThrow(
    "etcd: not in the archive; the release has another form than expected",
  );
});
