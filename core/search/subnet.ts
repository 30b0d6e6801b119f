/**
 * Networks in CIDR notation as ranges of addresses.
 *
 * @module
 */

/** First and last address of a network. */
export interface Subnet {
  /** Of the Internet Protocol. */
  readonly version: 4 | 6;
  /** Version 4: a number. Version 6: 32 hexadecimal digits. */
  readonly first: number | string;
  /** As `first`. */
  readonly last: number | string;
}

const OCTET = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => OCTET.test(part))) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (embedded !== null) {
    const low = parseV4(embedded[2] ?? "");
    if (low === undefined) return undefined;
    const groups = [low >> 16n, low & 0xffffn].map((group) =>
      group.toString(16)
    );
    return parseV6(`${embedded[1]}${groups.join(":")}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) =>
    half === "" ? [] : half.split(":")
  );
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) {
    return undefined;
  }
  return groups.reduce(
    (sum: bigint, group: string) => (sum << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

/** Reads `10.0.0.0/8` or `2001:db8::/32`; undefined when it is neither. */
export function parseSubnet(text: string): Subnet | undefined {
  const [address = "", prefix, ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix ?? "")) return undefined;
  const version = address.includes(":") ? 6 : 4;
  const bits = version === 6 ? 128 : 32;
  const length = Number(prefix);
  const value = version === 6 ? parseV6(address) : parseV4(address);
  if (value === undefined || length > bits) return undefined;
  const host = (1n << BigInt(bits - length)) - 1n;
  const first = (value | host) ^ host;
  const last = value | host;
  return version === 4
    ? { version, first: Number(first), last: Number(last) }
    : {
      version,
      first: first.toString(16).padStart(32, "0"),
      last: last.toString(16).padStart(32, "0"),
    };
}

/** Whether an address lies in a network; the same as {@linkcode subnetSql}. */
export function isInSubnet(address: string, subnet: Subnet): boolean {
  const value = subnet.version === 4 ? parseV4(address) : parseV6(address);
  if (value === undefined) return false;
  if (subnet.version === 4) {
    return Number(value) >= Number(subnet.first) &&
      Number(value) <= Number(subnet.last);
  }
  const digits = value.toString(16).padStart(32, "0");
  return digits >= String(subnet.first) && digits <= String(subnet.last);
}

const V4_PATTERN =
  "((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

/** SQL of a version 4 address as number; null when the text is none. */
function v4Sql(text: string): string {
  const octets = `list_transform(string_split(${text}, '.'), ` +
    `lambda o: try_cast(o as bigint))`;
  return `case when regexp_full_match(${text}, '${V4_PATTERN}') then ` +
    `list_reduce(${octets}, lambda a, b: a * 256 + b) end`;
}

const V6_GROUPS = "[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*";
const V6_PATTERN = `(${V6_GROUPS})?(::(${V6_GROUPS})?)?`;

/** SQL of the groups of one side of `::`, each of four digits. */
function groupsSql(half: string): string {
  return `list_transform(list_filter(string_split(${half}, ':'), ` +
    `lambda g: g <> ''), lambda g: lpad(lower(g), 4, '0'))`;
}

/**
 * SQL with a name for a value. Written out wherever it is used, a long value
 * makes a statement that takes longer to plan than to run.
 */
function named(value: string, name: string, body: string): string {
  return `list_transform([${value}], lambda ${name}: ${body})[1]`;
}

/** SQL of a version 6 address with an embedded version 4 one written out. */
function plainV6Sql(text: string): string {
  const number = v4Sql("tail");
  // `concat` passes over a null: what is no address must not become an empty one.
  const written = named(
    `lpad(lower(hex(${number})), 8, '0')`,
    "hexed",
    `case when hexed is not null then ` +
      `concat(regexp_replace(${text}, '[0-9.]+$', ''), ` +
      `substr(hexed, length(hexed) - 7, 4), ':', ` +
      `substr(hexed, length(hexed) - 3, 4)) end`,
  );
  return `case when contains(${text}, '.') then ${
    named(`regexp_extract(${text}, '[0-9.]+$')`, "tail", written)
  } else ${text} end`;
}

/** SQL of a version 6 address as 32 digits; null when the text is none. */
function v6Sql(text: string): string {
  const digits = `concat(array_to_string(head, ''), ` +
    `repeat('0000', case when len(halves) = 2 ` +
    `then greatest(0, 8 - len(head) - len(rest)) else 0 end), ` +
    `array_to_string(rest, ''))`;
  const checked = named(
    digits,
    "digits",
    `case when (len(halves) = 1 or len(head) + len(rest) < 8) ` +
      `and length(digits) = 32 then digits end`,
  );
  const split = named(
    groupsSql("halves[1]"),
    "head",
    named(groupsSql("coalesce(halves[2], '')"), "rest", checked),
  );
  const address = `case when regexp_full_match(plain, '${V6_PATTERN}') then ${
    named("string_split(plain, '::')", "halves", split)
  } end`;
  return named(text, "given", named(plainV6Sql("given"), "plain", address));
}

/**
 * SQL of the condition that a text is an address of a network.
 *
 * @param bind Gives the place of a value.
 */
export function subnetSql(
  text: string,
  subnet: Subnet,
  bind: (value: number | string) => string,
): string {
  const { version, first, last } = subnet;
  return version === 4
    ? `${v4Sql(text)} between ${bind(first)}::bigint and ${bind(last)}::bigint`
    : `${v6Sql(text)} between ${bind(first)}::varchar and ${
      bind(last)
    }::varchar`;
}
