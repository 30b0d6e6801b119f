import type { Migration } from "./migration.ts";

/**
 * Tables of time series: what is known of each series, a row for each of its
 * instants, and the values of these in blocks.
 */
export const GRAPH_0003: Migration = {
  id: 3,
  name: "time series",
  sql: `
DEFINE TABLE timeseries SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE timeseries_point SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE timeseries_block SCHEMALESS PERMISSIONS NONE;
`,
};
