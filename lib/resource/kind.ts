/**
 * Kinds: what a resource is, and which properties it may have.
 *
 * @module
 */

/**
 * The kind of a value: a simple kind (`string int32 int64 float double boolean
 * date datetime duration any`), an array `x[]`, a dictionary
 * `dictionary[string, x]`, or the name of a complex or enum kind.
 */
export type ValueKind = string;

/** The simple kinds, with what they hold. */
export const SIMPLE_KINDS = [
  "string",
  "int32",
  "int64",
  "float",
  "double",
  "boolean",
  "date",
  "datetime",
  "duration",
  "any",
] as const;

/** One property of a kind. */
export interface PropertyDeclaration {
  /** The kind of its value. */
  readonly kind: ValueKind;
  /** Whether a node without it is refused. Default: false. */
  readonly required?: boolean;
  /** What it means, for people. */
  readonly description?: string;
  /** Computed from another property when read: `age` from `ctime`. */
  readonly synthetic?: { readonly from: string };
  /** A change of this property alone makes no history. Default: false. */
  readonly ignoreHistory?: boolean;
}

/** What can be done to the resources of a kind, beside reading them. */
export type KindOperation = "tag" | "delete" | "detach";

/** Every {@linkcode KindOperation}. */
export const KIND_OPERATIONS: readonly KindOperation[] = [
  "tag",
  "delete",
  "detach",
];

/** A kind with properties: of resources, or of values inside of them. */
export interface KindDeclaration {
  /** Unique name, `snake_case`, prefixed by the plugin's cloud. */
  readonly name: string;
  /** Kinds it is also; resources descend from `resource`. Default: none. */
  readonly bases?: readonly string[];
  /** Own properties, beside those of its bases. */
  readonly properties?: Readonly<Record<string, PropertyDeclaration>>;
  /** The only values, for a kind of string. Excludes properties. */
  readonly enum?: readonly string[];
  /** Whether properties that are not declared are let in. Default: false. */
  readonly allowUnknown?: boolean;
  /** What it is, for people. */
  readonly description?: string;
  /** Groups such as `compute` or `storage`. */
  readonly categories?: readonly string[];
  /**
   * What its plugin can do to a resource of it: change its tags, delete it, and
   * take away what it says of others where resources name each other in a
   * circle. Default: nothing.
   */
  readonly operations?: readonly KindOperation[];
  /**
   * Kinds whose resources may have to be deleted before one of this kind, as
   * edges of type `delete` say. Default: none.
   */
  readonly deletedAfter?: readonly string[];
}
