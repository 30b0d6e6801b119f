/** Calls at the same time: core has other work too. */
const LANES = 2;

/** Calls for each item, a few side by side; what a call throws is its caller's. */
export async function inLanes<T>(
  items: Iterable<T>,
  call: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items].values();
  const lane = async () => {
    for (const item of waiting) await call(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
