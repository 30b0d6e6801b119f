/** One step of a path into an API's answer. */
export type PathStep =
  | { readonly type: "member"; readonly name: string }
  | { readonly type: "each" }
  | { readonly type: "tag"; readonly key: string };

/** A parsed path: `Placement.Tenancy`, `Groups[*].GroupId` or `Tags[Name]`. */
export interface Path {
  /** As it was written. */
  readonly text: string;
  /** What it does, in order. */
  readonly steps: readonly PathStep[];
}

const PART = /^(\$?[A-Za-z][A-Za-z0-9]*)(?:\[(\*|[A-Za-z0-9:_./-]+)\])?$/;

/** Paths are few and read for every item: each is parsed once. */
const PARSED = new Map<string, Path>();

/**
 * Parses a path: members joined by dots, each followed by `[*]` for every
 * element of a list or value of a map, or by `[key]` for the value of that tag.
 *
 * @throws {SyntaxError} If a part is neither.
 */
export function parsePath(text: string): Path {
  const known = PARSED.get(text);
  if (known !== undefined) return known;
  const steps: PathStep[] = [];
  for (const part of text.split(".")) {
    const [, name, selector] = PART.exec(part) ?? [];
    if (name === undefined) {
      throw new SyntaxError(
        `Cannot read path "${text}": "${part}" is no member, member[*] or member[tag]`,
      );
    }
    steps.push({ type: "member", name });
    if (selector === "*") steps.push({ type: "each" });
    else if (selector !== undefined) steps.push({ type: "tag", key: selector });
  }
  const path = { text, steps };
  PARSED.set(text, path);
  return path;
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null &&
    !(value instanceof Date);
}

/**
 * The value of a tag, or of another pair that a service writes so, such as a
 * dimension of a metric; services differ in the names of the two members.
 */
function tagValue(tags: unknown, key: string): unknown {
  if (!Array.isArray(tags)) {
    return isFields(tags) && Object.hasOwn(tags, key) ? tags[key] : undefined;
  }
  const tag: Fields | undefined = tags.find((each: Fields) =>
    (each["Key"] ?? each["key"] ?? each["Name"]) === key
  );
  return tag?.["Value"] ?? tag?.["value"];
}

function follow(
  value: unknown,
  steps: readonly PathStep[],
  at: number,
): unknown[] {
  if (value === undefined || value === null) return [];
  const next = steps[at];
  if (next === undefined) return [value];
  switch (next.type) {
    case "member":
      return isFields(value) ? follow(value[next.name], steps, at + 1) : [];
    case "tag":
      return follow(tagValue(value, next.key), steps, at + 1);
    case "each":
      return isFields(value)
        ? Object.values(value).flatMap((one) => follow(one, steps, at + 1))
        : [];
  }
}

/** Every value at a path, in order; what is missing on the way gives none. */
export function readAll(path: Path, item: unknown): unknown[] {
  return follow(item, path.steps, 0);
}

/** The first value at a path, or undefined. */
export function readFirst(path: Path, item: unknown): unknown {
  return readAll(path, item)[0];
}

/**
 * Whether the list that a path walks is there at all, even if empty: an answer
 * without it says nothing, and must not be taken for "there are none".
 */
export function hasList(path: Path, item: unknown): boolean {
  const each = path.steps.findIndex(({ type }) => type === "each");
  const upTo = each === -1 ? path.steps.length : each;
  return follow(item, path.steps.slice(0, upTo), 0).length > 0;
}
