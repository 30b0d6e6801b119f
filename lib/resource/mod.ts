/**
 * Resource kinds.
 *
 * @module
 */
export * from "./kind.ts";
