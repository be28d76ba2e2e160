/**
 * Maps with at most `limit` calls under way; results keep the order of the items. After the first error no further item is
 * begun, and the error is thrown once the calls under way have ended: nothing goes on behind the caller's back.
 */
export async function mapLimit<Item, Result>(
  items: readonly Item[],
  limit: number,
  change: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const errors: unknown[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (errors.length > 0) return;
      try {
        results[index] = await change(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (errors.length > 0) throw errors[0];
  return results;
}

/** Requests to one server under way at once; more only queue there (facts: throughput is flat from 32 on). */
export const IN_FLIGHT = 32;
