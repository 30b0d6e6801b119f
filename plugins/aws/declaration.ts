import type { JsonObject } from "@skymap/lib/plugin";
import type { Properties } from "./property.ts";

/** Services that can be called. */
export type ServiceName = "ec2" | "sts";

/** How a call is asked for its next page. */
export interface Paging {
  /** Member of the input that takes the token. */
  readonly input: string;
  /** Member of the answer that holds the token of the next page. */
  readonly output: string;
  /** Member of the input that takes the size of a page, and the size. */
  readonly size?: readonly [name: string, items: number];
}

/** A call that reads; its IAM action is `service:operation`. */
export interface ReadCall {
  /** The service. */
  readonly service: ServiceName;
  /** The operation, as the service names it. */
  readonly operation: string;
  /** IAM action, where it is not `service:operation`. */
  readonly action?: string;
  /** Input that is always the same. */
  readonly input?: JsonObject;
  /** Path of the items in an answer. */
  readonly result: string;
  /** How pages follow each other. Default: the first is all. */
  readonly pages?: Paging;
}

/** A value of the resources of another kind in the same region. */
export interface ValueOf {
  /** The other kind; it is listed first, and if that fails, so does this. */
  readonly kind: string;
  /** Path of the value in its items. */
  readonly path: string;
}

/** Lists by calls, one for each batch of values found in another kind. */
export interface ListPerValue extends ReadCall {
  /** Where the values come from. */
  readonly each: ValueOf & {
    /** Values of one call at most. */
    readonly batch: number;
    /** Input for these values, beside the one that is always the same. */
    readonly input: (values: readonly string[]) => JsonObject;
  };
}

/** Lists nothing of its own: a resource is a value that another kind has. */
export interface ListOfValues {
  /** Where the values come from. */
  readonly values: ValueOf;
  /** Member of the item that holds the value. */
  readonly as: string;
}

/** How the resources of a kind are found. */
export type Listing = ReadCall | ListPerValue | ListOfValues;

/** A further call about items of a list; it must succeed, as the list must. */
export interface DetailCall extends Omit<ReadCall, "result"> {
  /** Member that the detail is put under in the item; starts with `$`. */
  readonly as: string;
  /** Path of the value in the item that is asked for. */
  readonly of: string;
  /** Values of one call at most. Default: 1. */
  readonly batch?: number;
  /** Input for these values, beside the one that is always the same. */
  readonly askFor: (values: readonly string[]) => JsonObject;
  /**
   * Path of the details in the answer. Default: the answer is the detail.
   * Without `match` the first one counts, and no further page is asked for.
   */
  readonly result?: string;
  /** Path in a detail of the value it belongs to; needed with a batch. */
  readonly match?: string;
  /** Error codes that say that this item has no detail (any more). */
  readonly none?: readonly string[];
  /** Only made when this switch of the configuration is on. */
  readonly option?: "collect_instance_user_data";
}

/**
 * Edges between the resource (`self`) and others of its region. The default
 * edge goes from what holds or uses to what is held or used.
 */
export type EdgeDeclaration =
  & (
    | { /** Kind that the edge comes from. */ readonly predecessor: string }
    | { /** Kind that the edge leads to. */ readonly successor: string }
  )
  & {
    /** Path of the others' ids. */
    readonly id: string;
    /** Ids that stand for "none". */
    readonly except?: readonly string[];
    /** Which of the two must be deleted first. Default: neither. */
    readonly deletedFirst?: "self" | "other";
  };

/** A kind of resources of AWS: what it has and how it is found. */
export interface ResourceDeclaration {
  /** Unique name, `aws_…`. */
  readonly kind: string;
  /** Base kinds beside `aws_resource`. */
  readonly bases?: readonly string[];
  /** What it is, for people. */
  readonly description: string;
  /** Groups such as `compute`. Default: those of its bases. */
  readonly categories?: readonly string[];
  /** How it is listed. */
  readonly list: Listing;
  /** Further calls about what is listed. Default: none. */
  readonly details?: readonly DetailCall[];
  /** Path of its id. */
  readonly id: string;
  /** Path of its availability zone. Default: it is in none. */
  readonly zone?: string;
  /** What it has; `name` falls back to the id. */
  readonly properties: Properties;
  /** How it hangs together with others. Default: with its region alone. */
  readonly edges?: readonly EdgeDeclaration[];
}

/** The part of a call that names it. */
export type CallName = Pick<ReadCall, "service" | "operation" | "action">;

/** The IAM action that a call needs. */
export function actionOf({ service, operation, action }: CallName): string {
  return action ?? `${service}:${operation}`;
}

/** The calls that a declaration makes. */
export function callsOf(
  { list, details = [] }: ResourceDeclaration,
): Omit<ReadCall, "result">[] {
  return "operation" in list ? [list, ...details] : [...details];
}

/** The value of another kind that a listing goes by, or undefined. */
export function sourceOf(list: Listing): ValueOf | undefined {
  if ("values" in list) return list.values;
  return "each" in list ? list.each : undefined;
}
