/** Says of properties why they are never set: moto does not give them. */
export function notGiven(...names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, "moto does not give it"]),
  );
}
