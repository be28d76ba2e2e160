import { mayHaveHappened } from "./github-failure.ts";

const ATTEMPTS = 3;

/** How one thing is made, and how it is found if it was made after all. */
export interface Creation<T> {
  readonly create: () => Promise<T>;
  readonly find: () => Promise<T | undefined>;
}

/** Makes a thing at most once: after an answer that did not come it looks whether the thing is there before it tries again. */
export async function createOnce<T>({ create, find }: Creation<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await create();
    } catch (error) {
      if (!mayHaveHappened(error)) throw error;
      const found = await find();
      if (found !== undefined) return found;
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
