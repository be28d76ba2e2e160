import type { Checkout, Repository } from "../ports.ts";

/** Checks a commit out once for all who use it at the same time; its folder goes with the last of them. */
export function shareCheckouts(checkout: Repository["checkout"]): Repository["checkout"] {
  const shared = new Map<string, { readonly checkout: Promise<Checkout>; users: number }>();
  return async (sha, signal) => {
    const entry = shared.get(sha) ?? { checkout: checkout(sha, signal), users: 0 };
    shared.set(sha, entry);
    entry.users += 1;
    try {
      const own = await entry.checkout;
      const leave = async (): Promise<void> => {
        entry.users -= 1;
        if (entry.users > 0) return;
        shared.delete(sha);
        await own[Symbol.asyncDispose]();
      };
      return { ...own, [Symbol.asyncDispose]: leave };
    } catch (error) {
      shared.delete(sha);
      throw error;
    }
  };
}
