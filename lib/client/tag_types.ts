import type { Failure } from "../plugin/messages.ts";

/** How tags of a node's resource are changed, in its cloud. */
export interface TagChange {
  /** Id of the node. */
  readonly id: string;
  /** Tags to set. Default: none. */
  readonly update?: Readonly<Record<string, string>>;
  /** Names of tags to take away; those that are not there are no error. */
  readonly remove?: readonly string[];
}

/** What became of a node's tags. */
export type TagAnswer =
  | {
    /** Id of the node. */
    readonly id: string;
    /** All tags that it has now. */
    readonly tags: Readonly<Record<string, string>>;
  }
  | {
    /** Id of the node. */
    readonly id: string;
    /** Why it could not be done, or not all of it. */
    readonly error: Failure;
  };
