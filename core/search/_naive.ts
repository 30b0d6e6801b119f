/**
 * Searches answered by plain loops over a small graph: what the statements that
 * {@linkcode compileSearch} makes are compared with in tests.
 *
 * @module
 */

import { canonicalJson, isObject, type Json } from "@skymap/lib/json";
import type {
  MemoryEdge,
  MemoryNode,
  MemoryScope,
} from "../index/_memory_index.ts";
import { searchText } from "../index/search_text.ts";
import type {
  Aggregate,
  AggregateFunction,
  Arithmetic,
  Filter,
  Navigation,
  Operator,
  Part,
  Path,
  PathItem,
  Predicate,
  Quantifier,
  Query,
  SortKey,
  With,
} from "../query/ast.ts";
import { documentOf, valuesAt } from "./_naive_values.ts";
import { functionName, groupName } from "./compile_aggregate.ts";
import type { Field } from "./field.ts";
import { impliedKinds } from "./implied_kinds.ts";
import { isEach } from "./json_path.ts";
import { NodeScope } from "./node_scope.ts";
import type { Resolver } from "./resolver.ts";
import { isInSubnet, parseSubnet } from "./subnet.ts";

/** A node and what sub searches added to it. */
interface Row {
  readonly node: MemoryNode;
  readonly merged: Record<string, Json>;
  readonly tag?: string;
  /** Steps of the last navigation, where a sub search needs them. */
  readonly depth?: number;
}

/** A step that was made along an edge, from `a` to `b`. */
interface WalkedEdge {
  readonly edge: MemoryEdge;
  readonly a: string;
  readonly b: string;
}

/** How a path is read: from what, and how its values compare. */
interface Reading {
  readonly root: Json | undefined;
  readonly items: readonly PathItem[];
  readonly field: Field;
}

type Read = (path: Path) => Reading;

function valueAt(
  value: Json | undefined,
  items: readonly PathItem[],
): Json | undefined {
  return valuesAt(value, items)[0];
}

function textOf(value: Json | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === "string" ? value : canonicalJson(value);
}

type Scalar = string | number | boolean;

/** Texts compare by their characters, not by the halves that some are kept in. */
function compareScalars(a: Scalar, b: Scalar): number {
  if (typeof a !== "string" || typeof b !== "string") {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const order = (left[at]?.codePointAt(0) ?? 0) -
      (right[at]?.codePointAt(0) ?? 0);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function isEqual(value: Json | undefined, wanted: Json): boolean {
  if (wanted === null) return value === null || value === undefined;
  return value !== undefined && canonicalJson(value) === canonicalJson(wanted);
}

function inOrder(left: Json, operator: Operator, right: Json): boolean {
  if (typeof left !== typeof right || typeof left === "object") return false;
  const [a, b] = [left as Scalar, right as Scalar];
  const order = compareScalars(a, b);
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

function passes(
  value: Json | undefined,
  operator: Operator,
  wanted: Json,
): boolean {
  const present = value !== undefined && value !== null;
  const list = Array.isArray(wanted) ? wanted as Json[] : [wanted];
  switch (operator) {
    case "==":
      return isEqual(value, wanted);
    case "!=":
      return !isEqual(value, wanted);
    case "in":
      return list.some((item) => isEqual(value, item));
    case "not in":
      return present && !list.some((item) => isEqual(value, item));
    case "=~":
    case "!~": {
      const text = textOf(value);
      const pattern = typeof wanted === "string"
        ? wanted
        : canonicalJson(wanted);
      const hit = text !== undefined && new RegExp(pattern, "iu").test(text);
      return hit === (operator === "=~");
    }
    default:
      if (wanted === null) {
        return operator === ">=" || (operator === ">" && present);
      }
      return present && inOrder(value, operator, wanted);
  }
}

/** When scopes of test graphs were last tried. */
const LAST_ATTEMPT = "2026-01-02T00:00:00Z";

/** A part that keeps every node. */
const ALL: Part = {
  type: "part",
  filter: { type: "all" },
  sort: [],
  reversed: false,
};

const MIRRORED: Partial<Record<Operator, Operator>> = {
  "<": ">",
  ">": "<",
  "<=": ">=",
  ">=": "<=",
};

function passesEach(
  value: Json | undefined,
  quantifier: Quantifier,
  operator: Operator,
  wanted: Json,
): boolean {
  const list = Array.isArray(value) ? value as Json[] : undefined;
  const hits = (list ?? []).filter((item) => passes(item, operator, wanted));
  switch (quantifier) {
    case "any":
      return hits.length > 0;
    case "none":
      return hits.length === 0;
    case "all":
      return list !== undefined && hits.length === list.length;
  }
}

/** Answers searches over one small graph. */
export class NaiveSearch {
  readonly #nodes: ReadonlyMap<string, MemoryNode>;
  readonly #edges: readonly MemoryEdge[];
  readonly #scopes: ReadonlyMap<number, MemoryScope>;
  readonly #resolver: Resolver;

  /**
   * Makes a search over a graph of one time; the resolver is that of the search.
   * The scopes say which nodes are shown as stale.
   */
  constructor(
    nodes: readonly MemoryNode[],
    edges: readonly MemoryEdge[],
    resolver: Resolver,
    scopes: readonly MemoryScope[] = [],
  ) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#edges = edges;
    this.#resolver = resolver;
    this.#scopes = new Map(scopes.map((scope) => [scope.sid, scope]));
  }

  /** Nodes of a search, in order; each with what was merged to it. */
  list(query: Query): Json[] {
    return this.#rows(query, undefined).map((row) => ({
      ...this.#document(row),
      ...this.#stale(row.node),
    }));
  }

  /** Nodes of every part, and nodes and edges that lead from one to the next. */
  graph(query: Query): Json[] {
    const tags = new Map<string, string | undefined>();
    const edges = new Set<MemoryEdge>();
    const show = (id: string, tag: string | undefined) => {
      const known = tags.get(id);
      if (known === undefined || (tag !== undefined && tag > known)) {
        tags.set(id, tag);
      }
    };
    let walked: readonly WalkedEdge[] = [];
    let ids = [...this.#nodes.keys()];
    const arrive = (found: readonly string[], tag: string | undefined) => {
      for (const id of found) show(id, tag);
      const leading = new Set(found);
      for (let size = -1; size < leading.size;) {
        size = leading.size;
        for (const { a, b } of walked) if (leading.has(b)) leading.add(a);
      }
      for (const { edge, b } of walked) if (leading.has(b)) edges.add(edge);
      if (walked.length > 0) { for (const id of leading) show(id, undefined); }
    };
    for (const part of query.parts) {
      const found = this.#part(part, ids).map(({ node }) => node.id);
      arrive(found, part.tag);
      if (part.navigation === undefined) break;
      walked = this.#walked(found, part.navigation);
      ids = this.#reach(found, part.navigation);
    }
    if (query.parts.at(-1)?.navigation !== undefined) arrive(ids, undefined);
    const nodes = [...tags].flatMap(([id, tag]) => {
      const node = this.#nodes.get(id);
      if (node === undefined) return [];
      const row = { node, merged: {}, ...(tag !== undefined && { tag }) };
      return [{ ...this.#document(row), ...this.#stale(node) }];
    });
    return [
      ...nodes,
      ...[...edges].map(({ from, to, type, reported }) => ({
        type: "edge",
        from,
        to,
        edge_type: type,
        ...(reported !== undefined && { reported }),
      })),
    ];
  }

  #stale({ scope = 0 }: MemoryNode): Record<string, Json> {
    const found = this.#scopes.get(scope);
    if (found === undefined || found.status === "complete") return {};
    const { lastSuccess = LAST_ATTEMPT, reason, status } = found;
    return { stale: { since: lastSuccess, reason: reason ?? status } };
  }

  /** Rows of an aggregation, in no order. */
  aggregate(query: Query): Json[] {
    const { aggregate } = query;
    if (aggregate === undefined) return [];
    return this.#aggregate(aggregate, this.#rows(query, undefined));
  }

  #document({ node, merged, tag }: Row): Record<string, Json> {
    const document = documentOf(node) as Record<string, Json>;
    return {
      ...document,
      ...(tag !== undefined && {
        metadata: { ...node.metadata, query_tag: tag },
      }),
      ...merged,
    };
  }

  #rows(query: Query, start: readonly string[] | undefined): Row[] {
    let ids = start ?? [...this.#nodes.keys()];
    let depths = new Map<string, number>();
    let rows: Row[] = [];
    for (const part of query.parts) {
      // Only a sub search prefers what is near.
      const near = start === undefined ? undefined : depths;
      rows = this.#part(part, ids, near);
      if (part.navigation === undefined) break;
      depths = new Map();
      const starts = rows.map(({ node }) => node.id);
      for (const found of this.#distances(starts, part.navigation).values()) {
        for (const [id, depth] of found) {
          depths.set(id, Math.min(depth, depths.get(id) ?? Infinity));
        }
      }
      ids = [...depths.keys()];
      rows = this.#part(ALL, ids, start === undefined ? undefined : depths);
    }
    return rows;
  }

  #part(
    part: Part,
    ids: readonly string[],
    depths?: ReadonlyMap<string, number>,
  ): Row[] {
    const kinds = impliedKinds(this.#resolver, part.filter);
    let rows: Row[] = ids.flatMap((id) => {
      const node = this.#nodes.get(id);
      if (node === undefined) return [];
      if (kinds !== undefined && !kinds.includes(node.kinds[0] ?? "")) {
        return [];
      }
      const depth = depths?.get(id);
      return [{
        node,
        merged: {},
        ...(part.tag !== undefined && { tag: part.tag }),
        ...(depth !== undefined && { depth }),
      }];
    });

    rows = rows.filter((row) => this.#holds(part.filter, row, []));
    const { merge } = part;
    if (merge !== undefined) {
      const names = merge.queries.map(({ name }) => name);
      for (const row of rows) {
        for (const { name, list, query } of merge.queries) {
          const found = this.#rows(query, [row.node.id]);
          if (query.parts.at(-1)?.sort.length === 0) {
            found.sort((a, b) => this.#compare([], a, b));
          }
          const answer = query.aggregate === undefined
            ? found.map((each) => this.#document(each))
            : found.length === 0
            ? []
            : this.#aggregate(query.aggregate, found);
          row.merged[name[0] ?? ""] = list ? answer : answer[0] ?? null;
        }
      }
      const { after } = merge;
      if (after !== undefined) {
        rows = rows.filter((row) => this.#holds(after, row, names));
      }
    }
    const condition = part.with;
    if (condition !== undefined) {
      rows = rows.filter((row) => this.#with(condition, row.node.id));
    }
    return this.#window(part, rows);
  }

  #window({ sort, limit, reversed }: Part, rows: Row[]): Row[] {
    let sorted = rows;
    if (sort.length > 0 || reversed) {
      sorted = [...rows].sort((a, b) => this.#compare(sort, a, b));
    }
    const { offset, length } = limit ?? { offset: 0, length: Infinity };
    const kept = sorted.slice(offset, offset + length);
    return reversed ? kept.reverse() : kept;
  }

  #compare(sort: readonly SortKey[], a: Row, b: Row): number {
    for (const { path, direction } of sort) {
      const [left, right] = [a, b].map((row) => {
        const { root, items } = this.#read(row, [])(path);
        return valueAt(root, items);
      });
      const { field } = this.#read(a, [])(path);
      const order = compareValues(left, right);
      const sign = (direction === "desc") !== (field.isAge === true) ? -1 : 1;
      if (order !== 0) return order * sign;
    }
    // Without an order, a sub search prefers what is near.
    const nearest = sort.length > 0 ? 0 : (a.depth ?? 0) - (b.depth ?? 0);
    return nearest || compareScalars(a.node.id, b.node.id);
  }

  /** Reads paths of a whole node. */
  #read(row: Row, names: readonly (readonly string[])[]): Read {
    const merged = names.map((name) => ({
      name,
      document: "m",
      isAggregate: false,
      isList: false,
      isHidden: false,
    }));
    const scope = new NodeScope(this.#resolver, "n", merged);
    return (path) => {
      const absolute = this.#resolver.absolute(path, names);
      const relative = names.length === 0 || !startsWithAny(absolute, names)
        ? this.#resolver.relative(absolute)
        : undefined;
      if (relative !== undefined) {
        const root = this.#nearest(row.node.id, relative.side, relative.kind);
        const field = new NodeScope(this.#resolver, "n", [{
          name: [relative.side, relative.kind],
          document: "m",
          isAggregate: false,
          isList: false,
          isHidden: true,
        }]).field(path);
        return { root, items: field.items, field };
      }
      const field = scope.field(path);
      if (startsWithAny(absolute, names)) {
        const [first] = absolute;
        const key = first !== undefined && "key" in first ? first.key : "";
        return { root: row.merged[key], items: field.items, field };
      }
      const document = documentOf(row.node);
      const root = absolute[0];
      if (root !== undefined && "key" in root) {
        if (root.key === "flat") {
          return { root: searchText(row.node.reported), items: [], field };
        }
        if (["reported", "desired", "metadata"].includes(root.key)) {
          return {
            root: valueAt(document, [root]),
            items: field.items,
            field,
          };
        }
      }
      return { root: document, items: absolute, field };
    };
  }

  #nearest(id: string, side: string, kind: string): Json | undefined {
    const steps = this.#distances([id], {
      type: "navigation",
      direction: side === "ancestors" ? "in" : "out",
      types: ["default"],
      from: 1,
    }).get(id);
    const found = [...steps ?? []]
      .filter(([other, depth]) =>
        depth > 0 && this.#nodes.get(other)?.kinds.includes(kind)
      )
      .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
    const node = this.#nodes.get(found[0]?.[0] ?? "");
    return node === undefined ? undefined : documentOf(node);
  }

  #holds(
    filter: Filter,
    row: Row,
    names: readonly (readonly string[])[],
  ): boolean {
    return this.#test(filter, row.node, this.#read(row, names));
  }

  #test(filter: Filter, node: MemoryNode | undefined, read: Read): boolean {
    switch (filter.type) {
      case "all":
        return true;
      case "is": {
        return filter.kinds.some((kind) => node?.kinds.includes(kind));
      }
      case "id":
        return filter.ids.includes(node?.id ?? "");
      case "text":
        return searchText(node?.reported ?? {}).includes(
          searchText([filter.text]),
        );
      case "not":
        return !this.#test(filter.filter, node, read);
      case "combine": {
        const left = this.#test(filter.left, node, read);
        const right = this.#test(filter.right, node, read);
        return filter.operator === "and" ? left && right : left || right;
      }
      case "predicate":
        return this.#predicate(filter, read);
      case "call":
        return this.#call(filter, node, read);
      case "block":
        return this.#block(filter, node, read);
    }
  }

  #predicate(filter: Predicate, read: Read): boolean {
    const { path, quantifier, operator } = filter;
    const { root, items, field } = read(path);
    const isPattern = operator === "=~" || operator === "!~";
    const type = quantifier === undefined
      ? field
      : this.#elementField(field, items);
    const wanted = isPattern
      ? filter.value
      : this.#resolver.coerce(filter, type, filter.value);
    const test = field.isAge === true
      ? MIRRORED[operator] ?? operator
      : operator;
    if (quantifier === undefined) {
      const at = items.findLastIndex(isEach) + 1;
      if (at === 0) return passes(valueAt(root, items), test, wanted);
      return valuesAt(root, items.slice(0, at)).some((element) =>
        passes(valueAt(element, items.slice(at)), test, wanted)
      );
    }
    let path2 = items;
    while (path2.length > 0 && isEach(path2.at(-1) ?? { index: 0 })) {
      path2 = path2.slice(0, -1);
    }
    const at = path2.findLastIndex(isEach) + 1;
    if (at === 0) {
      return passesEach(valueAt(root, path2), quantifier, test, wanted);
    }
    return valuesAt(root, path2.slice(0, at)).some((element) =>
      passesEach(valueAt(element, path2.slice(at)), quantifier, test, wanted)
    );
  }

  #elementField(field: Field, items: readonly PathItem[]): Field {
    const { declared, path, document } = field;
    const last = declared?.at(-1);
    const facts = declared === undefined
      ? undefined
      : this.#resolver.model.reported(
        last !== undefined && isEach(last)
          ? declared
          : [...declared, { index: "*" }],
      );
    return {
      path,
      document,
      items,
      type: facts?.type ?? "any",
      ...(facts?.values !== undefined && { values: facts.values }),
    };
  }

  #call(
    { name, path, args }: Extract<Filter, { type: "call" }>,
    node: MemoryNode | undefined,
    read: Read,
  ): boolean {
    if (name === "has_desired_change") {
      const desired = valueAt(node?.desired, path.items);
      const reported = valueAt(node?.reported, path.items);
      return desired !== undefined &&
        (reported === undefined ||
          canonicalJson(desired) !== canonicalJson(reported));
    }
    const { root, items } = read(path);
    if (name === "has_key") {
      const value = valueAt(root, items);
      return isObject(value) &&
        (args.flat() as Json[]).every((key) =>
          Object.hasOwn(value, String(key))
        );
    }
    const subnet = parseSubnet(String(args[0]));
    return subnet !== undefined &&
      valuesAt(root, items).some((value) =>
        typeof value === "string" && isInSubnet(value, subnet)
      );
  }

  #block(
    { path, filter }: Extract<Filter, { type: "block" }>,
    node: MemoryNode | undefined,
    read: Read,
  ): boolean {
    if (!path.items.some(isEach)) {
      return this.#test(
        filter,
        node,
        (inner) =>
          read({
            type: "path",
            absolute: path.absolute,
            items: [...path.items, ...inner.items],
          }),
      );
    }
    const { root, items, field } = read(path);
    const at = items.findLastIndex(isEach) + 1;
    return valuesAt(root, items.slice(0, at)).some((element) =>
      this.#test(filter, undefined, (inner) => {
        const { declared } = field;
        const known = declared === undefined
          ? undefined
          : this.#resolver.reportedField(
            inner,
            [...declared, ...inner.items],
            "x",
          );
        return {
          root: element,
          items: [...items.slice(at), ...inner.items],
          field: known ??
            { path: inner, document: "x", items: inner.items, type: "any" },
        };
      })
    );
  }

  #with(clause: With, id: string): boolean {
    const { count, navigation, filter, with: nested } = clause;
    const reached = this.#reach([id], navigation).filter((other) => {
      const node = this.#nodes.get(other);
      if (node === undefined) return false;
      const kinds = impliedKinds(this.#resolver, filter ?? { type: "all" });
      if (kinds !== undefined && !kinds.includes(node.kinds[0] ?? "")) {
        return false;
      }
      return this.#holds(filter ?? { type: "all" }, { node, merged: {} }, []) &&
        (nested === undefined || this.#with(nested, other));
    });
    return passes(reached.length, count.operator, count.value);
  }

  /** Steps from each start to each node, edge type and direction by itself. */
  #distances(
    starts: readonly string[],
    navigation: Navigation,
  ): Map<string, Map<string, number>> {
    const { to = Infinity, from } = navigation;
    const found = new Map<string, Map<string, number>>();
    const walks = this.#walks(navigation);
    for (const start of new Set(starts)) {
      const all = new Map<string, number>();
      for (const [side, type] of walks) {
        const depths = this.#walk([start], side, type, to, navigation.filter);
        for (const [id, depth] of depths) {
          if (depth < from) continue;
          all.set(id, Math.min(depth, all.get(id) ?? Infinity));
        }
      }
      found.set(start, all);
    }
    return found;
  }

  #walk(
    starts: readonly string[],
    side: "in" | "out",
    type: string,
    to: number,
    filter: Filter | undefined,
  ): Map<string, number> {
    const depths = new Map(starts.map((start) => [start, 0]));
    let front = starts;
    for (let depth = 1; depth <= to && front.length > 0; depth++) {
      const next: string[] = [];
      for (const edge of this.#edges) {
        if (edge.type !== type) continue;
        const [a, b] = side === "out"
          ? [edge.from, edge.to]
          : [edge.to, edge.from];
        if (!front.includes(a) || depths.has(b)) continue;
        if (filter !== undefined && !this.#edgeHolds(filter, edge)) continue;
        depths.set(b, depth);
        next.push(b);
      }
      front = next;
    }
    return depths;
  }

  /** The steps that are made from the nodes; of a bounded walk, the near ones. */
  #walked(starts: readonly string[], navigation: Navigation): WalkedEdge[] {
    const { to = Infinity, filter } = navigation;
    return this.#walks(navigation).flatMap(([side, type]) => {
      const depths = this.#walk(starts, side, type, to, filter);
      return this.#edges.flatMap((edge) => {
        const [a, b] = side === "out"
          ? [edge.from, edge.to]
          : [edge.to, edge.from];
        const isWalked = edge.type === type &&
          (depths.get(a) ?? Infinity) < to &&
          (filter === undefined || this.#edgeHolds(filter, edge));
        return isWalked ? [{ edge, a, b }] : [];
      });
    });
  }

  /** Each edge type and direction is walked by itself. */
  #walks({ direction, types, outTypes }: Navigation): ["in" | "out", string][] {
    const walks: ["in" | "out", string][] = [];
    if (direction !== "out") {
      for (const type of types) walks.push(["in", type]);
    }
    if (direction !== "in") {
      for (const type of outTypes ?? types) walks.push(["out", type]);
    }
    return walks;
  }

  #edgeHolds(filter: Filter, edge: MemoryEdge): boolean {
    return this.#test(filter, undefined, (path) => ({
      root: edge.reported,
      items: path.items,
      field: { path, document: "e", items: path.items, type: "any" },
    }));
  }

  #reach(starts: readonly string[], navigation: Navigation): string[] {
    const reached = new Set<string>();
    for (const depths of this.#distances(starts, navigation).values()) {
      for (const id of depths.keys()) reached.add(id);
    }
    return [...reached];
  }

  #aggregate({ groups, functions }: Aggregate, rows: Row[]): Json[] {
    const unfolded = rows.flatMap((row) => this.#unfold(groups, row));
    const found = new Map<string, { group: Json[]; rows: typeof unfolded }>();
    for (const each of unfolded) {
      const values = groups.map(({ value }) => {
        if (value.type === "path") return each.read(value);
        return value.parts.map((part) =>
          typeof part === "string" ? part : textOf(each.read(part)) ?? ""
        ).join("");
      });
      const key = canonicalJson(values);
      const known = found.get(key);
      if (known === undefined) found.set(key, { group: values, rows: [each] });
      else known.rows.push(each);
    }
    if (groups.length === 0 && found.size === 0) {
      found.set("", { group: [], rows: [] });
    }
    return [...found.values()].map(({ group, rows: members }) => ({
      ...(groups.length > 0 && {
        group: Object.fromEntries(
          groups.map((each, at) => [groupName(each), group[at] ?? null]),
        ),
      }),
      ...Object.fromEntries(
        functions.map((fn) => [
          functionName(fn),
          compute(fn, members.map(({ number }) => number(fn))),
        ]),
      ),
    }));
  }

  /** One reader for each combination of elements of the groups' arrays. */
  #unfold(groups: Aggregate["groups"], row: Row): {
    read: (path: Path) => Json;
    number: (fn: AggregateFunction) => number | undefined;
  }[] {
    const whole = this.#read(row, []);
    const lists = new Map<string, (Json | undefined)[]>();
    const listOf = (path: Path): string | undefined => {
      const { items } = whole(path);
      const at = items.findLastIndex(isEach) + 1;
      return at === 0 ? undefined : canonicalJson(
        [path.absolute, ...items.slice(0, at)] as unknown as Json,
      );
    };
    const paths = groups.flatMap(({ value }) =>
      value.type === "path"
        ? [value]
        : value.parts.filter((part) => typeof part !== "string") as Path[]
    );
    for (const path of paths) {
      const key = listOf(path);
      if (key === undefined) continue;
      const { root, items } = whole(path);
      const at = items.findLastIndex(isEach) + 1;
      lists.set(key, valuesAt(root, items.slice(0, at)));
    }
    let combinations: Map<string, Json | undefined>[] = [new Map()];
    for (const [key, elements] of lists) {
      combinations = combinations.flatMap((chosen) =>
        elements.map((element) => new Map([...chosen, [key, element]]))
      );
    }
    return combinations.map((chosen) => {
      const read = (path: Path): Json => {
        const { root, items } = whole(path);
        const key = listOf(path);
        if (key === undefined) return valueAt(root, items) ?? null;
        const at = items.findLastIndex(isEach) + 1;
        return valueAt(chosen.get(key), items.slice(at)) ?? null;
      };
      const operand = (
        fn: AggregateFunction,
        value: Path | number,
      ): number | undefined => {
        if (typeof value === "number") return value;
        if (fn.name === "count") return 0;
        const { root, items, field } = whole(value);
        const key = listOf(value);
        if (key !== undefined && !chosen.has(key)) {
          const inner = valuesAt(root, items).filter((each) =>
            typeof each === "number"
          ) as number[];
          return root === undefined || inner.length === 0
            ? undefined
            : reduce(fn.name, inner) ?? undefined;
        }
        const found = read(value);
        if (field.isAge === true) {
          return typeof found === "string"
            ? (this.#resolver.nowMs - Date.parse(found)) / 1000
            : undefined;
        }
        if (field.type === "boolean" && typeof found === "boolean") {
          return Number(found);
        }
        return typeof found === "number" ? found : undefined;
      };
      const number = (fn: AggregateFunction): number | undefined =>
        fn.operations.reduce<number | undefined>(
          (left, { operator, value }) =>
            calculate(left, operator, operand(fn, value)),
          operand(fn, fn.value),
        );
      return { read, number };
    });
  }
}

function startsWithAny(
  items: readonly PathItem[],
  names: readonly (readonly string[])[],
): boolean {
  return names.some((name) =>
    name.every((step, at) => {
      const item = items[at];
      return item !== undefined && "key" in item && item.key === step;
    })
  );
}

function rank(value: Json | undefined): number {
  if (value === null || value === undefined) return 0;
  const order = ["boolean", "number", "string"];
  if (typeof value !== "object") return 1 + order.indexOf(typeof value);
  return Array.isArray(value) ? 4 : 5;
}

function compareValues(a: Json | undefined, b: Json | undefined): number {
  const byRank = rank(a) - rank(b);
  if (byRank !== 0 || rank(a) === 0) return byRank;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return compareScalars(textOf(a) ?? "", textOf(b) ?? "");
}

function reduce(
  name: AggregateFunction["name"],
  values: readonly number[],
): number | null {
  const sum = values.reduce((total, value) => total + value, 0);
  if (name === "sum") return sum;
  if (values.length === 0) return null;
  const average = sum / values.length;
  const variance = values.reduce(
    (total, value) => total + (value - average) ** 2,
    0,
  ) / values.length;
  switch (name) {
    case "min":
      return Math.min(...values);
    case "max":
      return Math.max(...values);
    case "avg":
      return average;
    case "stddev":
      return Math.sqrt(variance);
    default:
      return variance;
  }
}

function calculate(
  left: number | undefined,
  operator: Arithmetic["operator"],
  right: number | undefined,
): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? undefined : left / right;
    case "%":
      return right === 0 ? undefined : left % right;
  }
}

function compute(
  { name }: AggregateFunction,
  values: readonly (number | undefined)[],
): number | null {
  if (name === "count") return values.length;
  return reduce(name, values.filter((value) => value !== undefined));
}
