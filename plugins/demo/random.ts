/**
 * Random-looking numbers that follow from what they belong to: the same in each
 * run and process, in no order, and nothing has to be remembered.
 *
 * @module
 */

/** Mixes 32 bits well (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A whole number from 0 to 2³²−1 for numbers. */
export function hash(...parts: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const part of parts) state = mix(state ^ mix(part + 0x6d2b79f5));
  return state;
}

/** A whole number from 0 to 2³²−1 for a text. */
export function hashName(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  }
  return mix(state);
}

/** A number from 0 to below 1. */
export function fraction(...parts: readonly number[]): number {
  return hash(...parts) / 4_294_967_296;
}

/** One of the values. */
export function pick<T>(values: readonly T[], ...parts: readonly number[]): T {
  const value = values[hash(...parts) % values.length];
  if (value === undefined) throw new RangeError("Cannot pick: no values");
  return value;
}

/** Sixteen hexadecimal digits, as providers make ids. */
export function hexId(prefix: string, ...parts: readonly number[]): string {
  const high = hash(1, ...parts).toString(16).padStart(8, "0");
  const low = hash(2, ...parts).toString(16).padStart(8, "0");
  return `${prefix}-${high}${low}`;
}
