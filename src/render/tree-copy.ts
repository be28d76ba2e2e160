import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Where a private tree keeps what it has copied; all names are repository paths. */
export interface TreeCopy {
  /** Absolute; programs read there. */
  locate(place: string): string;
  addFolder(place: string): void;
  addFile(file: string, content: Buffer): void;
  read(file: string): Buffer;
  replace(file: string, text: string): void;
}

/** In a folder, for programs; absolute, empty. */
export function copyInFolder(root: string): TreeCopy {
  const locate = (place: string): string => path.join(root, place);
  return {
    locate,
    addFolder: (place) => void mkdirSync(locate(place), { recursive: true }),
    addFile: (file, content) => {
      mkdirSync(path.dirname(locate(file)), { recursive: true });
      writeFileSync(locate(file), content, { flag: "wx" });
    },
    read: (file) => readFileSync(locate(file)),
    replace: (file, text) => writeFileSync(locate(file), text),
  };
}

/** In memory, for this process alone. */
export function copyInMemory(): TreeCopy {
  const files = new Map<string, Buffer>();
  return {
    locate: (place) => {
      throw new Error(`${place}: a copy in memory has no path`);
    },
    addFolder: () => undefined,
    addFile: (file, content) => void files.set(file, content),
    read: (file) => {
      const content = files.get(file);
      if (content === undefined) throw new Error(`${file}: was not copied`);
      return content;
    },
    replace: (file, text) => void files.set(file, Buffer.from(text)),
  };
}
