/**
 * Schema of the database of a graph.
 *
 * @module
 */

import { GRAPH_0001 } from "./graph_0001.ts";
import { GRAPH_0002 } from "./graph_0002.ts";
import { GRAPH_0003 } from "./graph_0003.ts";
import type { Migration } from "./migration.ts";

/** Every migration of a graph, in order. */
export const GRAPH_MIGRATIONS: readonly Migration[] = [
  GRAPH_0001,
  GRAPH_0002,
  GRAPH_0003,
];
