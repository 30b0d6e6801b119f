/**
 * Waiting for a condition, with an end.
 *
 * @module
 */

/** How patiently {@linkcode until} waits. */
export interface UntilOptions {
  /** Gives up after this time. Default: 10,000 ms. */
  readonly timeoutMs?: number;
  /** Says what was waited for, in the error. Default: the condition's text. */
  readonly what?: string;
}

/**
 * Asks again until the answer is neither `undefined`, `null` nor `false`.
 *
 * @throws An error that says what was waited for, when time is up.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const { timeoutMs = 10_000, what = String(condition) } = options;
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer as NonNullable<Exclude<T, false>>;
    }
    if (performance.now() > end) {
      throw new Error(`Cannot wait any longer than ${timeoutMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
