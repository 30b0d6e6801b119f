/**
 * Which of two versions is the newer one.
 *
 * @module
 */

interface Version {
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];
}

function parse(text: string): Version {
  const [, core = "", prerelease] =
    /^(\d+\.\d+\.\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(text) ??
      [];
  if (core === "") {
    throw new RangeError(
      `Cannot order version "${text}": wanted one as in 1.2.3`,
    );
  }
  return {
    numbers: core.split(".").map(BigInt),
    prerelease: prerelease?.split(".") ?? [],
  };
}

function compareIdentifiers(one: string, other: string): number {
  const isNumber = /^\d+$/.test(one);
  if (isNumber !== /^\d+$/.test(other)) return isNumber ? -1 : 1;
  // A leading zero makes no difference in number, but two texts.
  if (isNumber && BigInt(one) !== BigInt(other)) {
    return BigInt(one) < BigInt(other) ? -1 : 1;
  }
  return one < other ? -1 : 1;
}

function comparePrereleases(
  one: readonly string[],
  other: readonly string[],
): number {
  // What is no prerelease comes after all that are.
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (const [at, identifier] of one.entries()) {
    const against = other[at];
    if (against === undefined) return 1;
    if (identifier !== against) return compareIdentifiers(identifier, against);
  }
  return one.length - other.length;
}

/**
 * Orders versions as Semantic Versioning does, the oldest first: negative when
 * `one` is the older. What stands behind `+` decides only between equals, so
 * that the order is total.
 *
 * @throws {RangeError} if one is no version.
 */
export function compareVersions(one: string, other: string): number {
  const a = parse(one);
  const b = parse(other);
  for (const [at, number] of a.numbers.entries()) {
    const against = b.numbers[at] ?? 0n;
    if (number !== against) return number < against ? -1 : 1;
  }
  const order = comparePrereleases(a.prerelease, b.prerelease);
  if (order !== 0) return order;
  return one === other ? 0 : one < other ? -1 : 1;
}
