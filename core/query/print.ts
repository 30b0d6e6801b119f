/**
 * Writes a search in its one canonical form.
 *
 * @module
 */

import { formatDuration } from "@skymap/lib/duration";
import type {
  Aggregate,
  Arithmetic,
  Filter,
  GroupVariable,
  Merge,
  Navigation,
  Part,
  Path,
  Query,
  When,
  With,
  WithUsage,
} from "./ast.ts";
import { printString, printValue } from "./json_value.ts";
import { PLAIN_KEY } from "./words.ts";

function printKey(key: string): string {
  return PLAIN_KEY.test(key) ? key : `\`${key}\``;
}

/** A property. */
export function printPath({ absolute, items }: Path): string {
  let text = absolute ? "/" : "";
  for (const [at, item] of items.entries()) {
    if ("key" in item) text += (at === 0 ? "" : ".") + printKey(item.key);
    else text += `[${item.index}]`;
  }
  return text;
}

function printList(items: readonly string[]): string {
  const [first = ""] = items;
  return items.length === 1 ? printString(first) : printValue(items);
}

/** A condition; combinations stand in brackets. */
export function printFilter(filter: Filter): string {
  switch (filter.type) {
    case "all":
      return "all";
    case "is":
      return `is(${printList(filter.kinds)})`;
    case "id":
      return `id(${printList(filter.ids)})`;
    case "text":
      return printString(filter.text);
    case "predicate": {
      const { path, quantifier, operator, value } = filter;
      const many = quantifier === undefined ? "" : `${quantifier} `;
      return `${printPath(path)} ${many}${operator} ${printValue(value)}`;
    }
    case "call": {
      const args = [printPath(filter.path), ...filter.args.map(printValue)];
      return `${filter.name}(${args.join(", ")})`;
    }
    case "block":
      return `${printPath(filter.path)}.{${printFilter(filter.filter)}}`;
    case "not":
      return `not(${printFilter(filter.filter)})`;
    case "combine":
      return printCombine(filter);
  }
}

/** Long chains lean to the left; a loop spares the stack. */
function printCombine(filter: Filter & { type: "combine" }): string {
  let left: Filter = filter;
  let opened = "";
  const tail: string[] = [];
  while (left.type === "combine") {
    opened += "(";
    tail.push(` ${left.operator} ${printFilter(left.right)})`);
    left = left.left;
  }
  return opened + printFilter(left) + tail.reverse().join("");
}

function printRange({ from, to, outTypes }: Navigation): string {
  // Something has to keep the two lists of types apart.
  if (from === 1 && to === 1 && outTypes === undefined) return "";
  if (to === undefined) return `[${from}:]`;
  return from === to ? `[${from}]` : `[${from}:${to}]`;
}

/** Steps along edges. */
export function printNavigation(navigation: Navigation): string {
  const { direction, types, outTypes = [], filter } = navigation;
  const edges = filter === undefined ? "" : `{${printFilter(filter)}}`;
  const body = `${types.join(",")}${printRange(navigation)}${edges}`;
  switch (direction) {
    case "out":
      return `-${body}->`;
    case "in":
      return `<-${body}-`;
    case "both":
      return `<-${body}${outTypes.join(",")}->`;
  }
}

function printWith(clause: With): string {
  const { form, count, navigation, filter } = clause;
  const test = form === "count" ? `count${count.operator}${count.value}` : form;
  const pieces = [
    printNavigation(navigation),
    ...(filter === undefined ? [] : [printFilter(filter)]),
    ...(clause.with === undefined ? [] : [printWith(clause.with)]),
  ];
  return `with(${test}, ${pieces.join(" ")})`;
}

function printWhen(when: When): string {
  return "at" in when ? when.at : formatDuration(when.agoMs);
}

function printWithUsage({ start, end, metrics }: WithUsage): string {
  const window = printWhen(start) +
    (end === undefined ? "" : `::${printWhen(end)}`);
  return `with_usage(${window}, [${metrics.join(",")}])`;
}

function printMerge({ queries, after }: Merge): string {
  const body = queries.map(({ name, list, query }) =>
    `${name.map(printKey).join(".")}${list ? "[]" : ""}: ${printQuery(query)}`
  );
  const filter = after === undefined ? "" : ` ${printFilter(after)}`;
  return `{${body.join(", ")}}${filter}`;
}

function printPart(part: Part): string {
  const { withUsage, filter, merge, tag, sort, limit, navigation } = part;
  let text = withUsage === undefined ? "" : `${printWithUsage(withUsage)} `;
  text += printFilter(filter);
  if (merge !== undefined) text += ` ${printMerge(merge)}`;
  if (part.with !== undefined) text += ` ${printWith(part.with)}`;
  if (tag !== undefined) text += `#${tag}`;
  if (sort.length > 0) {
    const keys = sort.map(({ path, direction }) =>
      `${printPath(path)} ${direction}`
    );
    text += ` sort ${keys.join(", ")}`;
  }
  if (limit !== undefined) {
    const offset = limit.offset === 0 ? "" : `${limit.offset}, `;
    text += ` limit ${offset}${limit.length}`;
  }
  // The second blank is the original's.
  if (part.reversed) {
    text += navigation === undefined ? " reversed" : " reversed ";
  }
  if (navigation !== undefined) text += ` ${printNavigation(navigation)}`;
  return text;
}

function printGroup({ value, as }: GroupVariable): string {
  const text = value.type === "path" ? printPath(value) : printString(
    value.parts.map((part) =>
      typeof part === "string" ? part : `{${printPath(part)}}`
    ).join(""),
  );
  return as === undefined ? text : `${text} as ${as}`;
}

function printOperand(value: Path | number): string {
  return typeof value === "number" ? String(value) : printPath(value);
}

function printArithmetic({ operator, value }: Arithmetic): string {
  return ` ${operator} ${printOperand(value)}`;
}

function printAggregate({ groups, functions }: Aggregate): string {
  const by = groups.map(printGroup).join(", ");
  const computed = functions.map(({ name, value, operations, as }) => {
    const alias = as === undefined ? "" : ` as ${as}`;
    return `${name}(${printOperand(value)}${
      operations.map(printArithmetic).join("")
    })${alias}`;
  });
  return `aggregate(${by}${by === "" ? "" : ": "}${computed.join(", ")}):`;
}

/** A whole search; {@linkcode parseQuery} reads it back as it was. */
export function printQuery({ aggregate, parts }: Query): string {
  const head = aggregate === undefined ? "" : printAggregate(aggregate);
  return head + parts.map(printPart).join(" ");
}
