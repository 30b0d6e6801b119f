/**
 * The tasks that core gives to the plugin of a cloud: to change tags, to delete
 * and to detach resources of one account. A plugin that can do them names them in
 * its `tasks`, and the kinds that they work on in `operations`.
 *
 * @module
 */

import type { JsonObject } from "../json.ts";
import type { Failure } from "./messages.ts";

/** A resource that something is done to. */
export interface TaskResource {
  /** Its node id: answers name it. */
  readonly node: string;
  /** Its kind. */
  readonly kind: string;
  /** The provider's id. */
  readonly id: string;
  /** Region id; empty for what is not in a region. */
  readonly region: string;
  /** What the graph has of it. */
  readonly reported: JsonObject;
}

/** Arguments of the task `tag`. */
export interface TagTask {
  /** The changes, of one account, each resource once. */
  readonly changes: readonly {
    /** The resource. */
    readonly resource: TaskResource;
    /** Tags to set. */
    readonly update: Readonly<Record<string, string>>;
    /** Tags to take away; those that are not there are no error. */
    readonly remove: readonly string[];
  }[];
}

/** What the task `tag` gives: one answer a change, in their order. */
export interface TagTaskResult {
  /** The answers. */
  readonly results: readonly (
    | {
      readonly node: string;
      /** Tags that the resource has now. */
      readonly tags: Readonly<Record<string, string>>;
      /**
       * What else of `reported` follows from them, such as its name, as a patch:
       * null takes away. Default: nothing.
       */
      readonly reported?: JsonObject;
    }
    | {
      readonly node: string;
      readonly error: Failure;
      /** Tags that it has now, where a part of the change was done. */
      readonly tags?: Readonly<Record<string, string>>;
    }
  )[];
}

/** Arguments of the tasks `delete` and `detach`. */
export interface DeleteTask {
  /** The resources, of one account; none hangs on another one of them. */
  readonly resources: readonly TaskResource[];
  /** Whether everything is looked at and nothing is changed. */
  readonly dry_run: boolean;
}

/** What became of one resource. */
export type DeleteOutcome =
  /** It is gone, or detached. */
  | { readonly node: string; readonly outcome: "done" }
  /** It would be: nothing stands against it, in a dry run. */
  | { readonly node: string; readonly outcome: "would_be_done" }
  /** It was gone already. */
  | { readonly node: string; readonly outcome: "gone" }
  /**
   * It is not what the graph has of it, so nothing was done: paths in `reported`
   * that differ.
   */
  | {
    readonly node: string;
    readonly outcome: "changed";
    readonly paths: readonly string[];
  }
  /** It must not be deleted, such as what goes with something else. */
  | {
    readonly node: string;
    readonly outcome: "refused";
    readonly reason: string;
  }
  /** The provider did not do it. */
  | {
    readonly node: string;
    readonly outcome: "failed";
    readonly error: Failure;
  };

/** What the tasks `delete` and `detach` give: one outcome a resource. */
export interface DeleteTaskResult {
  /** The outcomes, in the order of the resources. */
  readonly results: readonly DeleteOutcome[];
}
