/**
 * SQL of a node as one JSON text, as searches answer it.
 *
 * @module
 */

import type { MergedColumn } from "./node_scope.ts";
import type { StatementBuilder } from "./statement.ts";

/** What is put into the text beside the node's own columns. */
export interface NodeDocumentOptions {
  /** Answers of sub searches. */
  readonly merged?: readonly MergedColumn[];
  /** SQL of the tag of the node, or null. */
  readonly tag?: string;
  /** Whether the alias has a column `stale`. */
  readonly stale?: boolean;
}

/** A container of a node, when it has one. */
function container(name: string, id: string, label: string): string {
  return `case when ${id} <> '' then concat('"${name}":{"reported":{"id":', ` +
    `to_json(${id}), ',"name":', to_json(coalesce(${label}, ${id})), '}}') end`;
}

/** Answers of sub searches as a tree, so that names may share a start. */
type Tree = Map<string, Tree | string>;

function treeOf(merged: readonly MergedColumn[]): Tree {
  const tree: Tree = new Map();
  for (const { name, document, isList, isHidden } of merged) {
    if (isHidden) continue;
    let place = tree;
    for (const step of name.slice(0, -1)) {
      const inner = place.get(step);
      if (inner instanceof Map) place = inner;
      else {
        const next: Tree = new Map();
        place.set(step, next);
        place = next;
      }
    }
    const empty = isList ? "'[]'" : "'null'";
    place.set(name.at(-1) ?? "", `coalesce(${document}, ${empty})`);
  }
  return tree;
}

function treeSql(sql: StatementBuilder, tree: Tree): string[] {
  return [...tree].map(([key, value]) => {
    const lead = sql.bind(`${JSON.stringify(key)}:`);
    return typeof value === "string"
      ? `concat(${lead}, ${value})`
      : `concat(${lead}, '{', concat_ws(',', ${
        treeSql(sql, value).join(", ")
      }), '}')`;
  });
}

/** SQL of the JSON text of the node at an alias of the node table. */
export function nodeDocument(
  sql: StatementBuilder,
  n: string,
  { merged = [], tag, stale = false }: NodeDocumentOptions = {},
): string {
  const tree = treeOf(merged);
  const found = tree.get("ancestors");
  const inAncestors = found instanceof Map ? treeSql(sql, found) : [];
  tree.delete("ancestors");
  const metadata = tag === undefined
    ? `${n}.metadata`
    : `case when ${tag} is null then ${n}.metadata else json_merge_patch(` +
      `coalesce(${n}.metadata, '{}'), json_object('query_tag', ${tag})) end`;
  const pieces = [
    `concat('"type":"node","id":', to_json(${n}.id))`,
    `concat('"kinds":', to_json(${n}.kinds))`,
    `concat('"reported":', ${n}.reported)`,
    `case when ${n}.desired is not null then concat('"desired":', ${n}.desired) end`,
    `case when ${metadata} is not null then concat('"metadata":', ${metadata}) end`,
    `concat('"ancestors":{', concat_ws(',', ${
      [
        container("cloud", `${n}.cloud`, `${n}.cloud`),
        container("account", `${n}.account`, `${n}.account_name`),
        container("region", `${n}.region`, `${n}.region_name`),
        container("zone", `${n}.zone`, `${n}.zone`),
        ...inAncestors,
      ].join(", ")
    }), '}')`,
    ...(stale ? [`${n}.stale`] : []),
    ...treeSql(sql, tree),
  ];
  return `concat('{', concat_ws(',', ${pieces.join(", ")}), '}')`;
}

/** SQL of a table `(sid, stale)` of those scopes that are not up to date. */
export function staleScopes(scopes: string): string {
  return `select sid, concat('"stale":{"since":', ` +
    `to_json(strftime(coalesce(last_success, last_attempt) at time zone 'UTC', ` +
    `'%Y-%m-%dT%H:%M:%SZ')), ',"reason":', to_json(coalesce(reason, status)), ` +
    `'}') as stale from (${scopes}) where status <> 'complete'`;
}
