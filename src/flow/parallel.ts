/** Maps with at most `limit` calls under way; results keep the order of the items. The first error ends it. */
export async function mapLimit<Item, Result>(
  items: readonly Item[],
  limit: number,
  change: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await change(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}

/** Requests to one server under way at once; more only queue there (facts: throughput is flat from 32 on). */
export const IN_FLIGHT = 32;
