/**
 * Resource kinds.
 *
 * @module
 */
export { BASE_KINDS, PHANTOM_KIND, RESOURCE_KIND } from "./base_kinds.ts";
export * from "./kind.ts";
export {
  isSimpleKind,
  parseValueKind,
  type SimpleKind,
  type ValueKindNode,
} from "./value_kind.ts";
