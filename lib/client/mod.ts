/**
 * The client of core's HTTP API, and the shapes that go over it.
 *
 * @module
 */
export * from "./api_types.ts";
export * from "./cleanup_client.ts";
export type * from "./cleanup_types.ts";
export type * from "./change_types.ts";
export type * from "./cli_types.ts";
export * from "./config_client.ts";
export type * from "./config_types.ts";
export * from "./core_client.ts";
export * from "./plugin_client.ts";
export * from "./system_client.ts";
export * from "./plugin_tasks.ts";
export type * from "./plugin_types.ts";
export type * from "./tag_types.ts";
export * from "./timeseries_client.ts";
export type * from "./timeseries_types.ts";
