/**
 * SQL of a node as one JSON text, as searches answer it.
 *
 * @module
 */

import type { MergedColumn } from "./node_scope.ts";
import type { StatementBuilder } from "./statement.ts";
import { placeOf } from "./value_sql.ts";

/** What is put into the text beside the node's own columns. */
export interface NodeDocumentOptions {
  /** Answers of sub searches. */
  readonly merged?: readonly MergedColumn[];
  /** SQL of the tag of the node, or null. */
  readonly tag?: string;
  /** Whether the alias has a column `stale`. */
  readonly stale?: boolean;
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
  const ancestors = inAncestors.length === 0
    ? `${n}.ancestors_text`
    : `concat_ws(',', nullif(${n}.ancestors_text, ''), ${
      inAncestors.join(", ")
    })`;
  // `concat` leaves out what is null, with the name that is put before it.
  const pieces = [
    `'{"type":"node","id":', to_json(${n}.id), ',"kinds":', ${n}.kinds_text`,
    `',"reported":', ${n}.reported`,
    `',"desired":' || ${n}.desired`,
    `',"metadata":' || (${metadata})`,
    `',"ancestors":{', ${ancestors}, '}'`,
    ...(stale ? [`',' || ${n}.stale`] : []),
    ...treeSql(sql, tree).map((member) => `',', ${member}`),
    "'}'",
  ];
  return `concat(${pieces.join(", ")})`;
}

/** SQL of the node at an alias as one JSON text, with only some properties. */
export function reportedDocument(
  sql: StatementBuilder,
  n: string,
  properties: readonly string[],
): string {
  const members = properties.map((key) =>
    `${sql.bind(`${JSON.stringify(key)}:`)} || json_extract(${
      placeOf(sql, { document: `${n}.reported`, items: [{ key }] })
    })::varchar`
  );
  return `concat('{"reported":{', concat_ws(',', ${members.join(", ")}), '}}')`;
}

/** SQL of a table `(sid, stale)` of those scopes that are not up to date. */
export function staleScopes(scopes: string): string {
  return `select sid, concat('"stale":{"since":', ` +
    `to_json(strftime(coalesce(last_success, last_attempt) at time zone 'UTC', ` +
    `'%Y-%m-%dT%H:%M:%SZ')), ',"reason":', to_json(coalesce(reason, status)), ` +
    `'}') as stale from (${scopes}) where status <> 'complete'`;
}
