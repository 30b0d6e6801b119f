import type { JsonObject } from "@skymap/lib/plugin";
import type { Properties } from "./property.ts";
import { type ServiceName, SERVICES } from "./services.ts";

/** How a call is asked for its next page. */
export interface Paging {
  /** Member of the input that takes the token. */
  readonly input: string;
  /** Path in the answer of the token of the next page. */
  readonly output: string;
  /** Further members of the input, and the paths of their values. */
  readonly also?: Readonly<Record<string, string>>;
  /** Member of the input that takes the size of a page, and the size. */
  readonly size?: readonly [name: string, items: number];
}

/** A call that reads. */
export interface ReadCall {
  /** The service. */
  readonly service: ServiceName;
  /** The operation, as the service names it. */
  readonly operation: string;
  /** IAM action, where it is not that of the operation's name. */
  readonly action?: string;
  /** Times it is tried at most. Default: as all calls are. */
  readonly attempts?: number;
  /** Input that is always the same. */
  readonly input?: JsonObject;
  /** A call that must say that this one can be made. Default: none needed. */
  readonly prepare?: Preparation;
  /** Makes members of an answer out of what it holds as bytes or text. */
  readonly read?: (
    answer: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>>;
  /** Path of the items in an answer. */
  readonly result: string;
  /** How pages follow each other. Default: the first is all. */
  readonly pages?: Paging;
  /**
   * Path of the number of items in an answer; where it is 0, an answer without
   * the list says that there are none. Default: the list must be there.
   */
  readonly count?: string;
  /**
   * Whether the service leaves the list out where it is empty. Only for those
   * that do: an answer without its list says nothing elsewhere.
   */
  readonly omitsEmpty?: boolean;
  /**
   * Member that each item is put under, where items are values and no objects:
   * the names of tables become `{ TableName: … }`.
   */
  readonly wrap?: string;
  /**
   * Error codes that say that there is nothing to list. Only for what the
   * service says in so many words: any other error must fail the scope.
   */
  readonly none?: readonly string[];
  /**
   * Inputs of the listings of a region, one after the other, beside the input
   * that is always the same. Default: there is one listing.
   */
  readonly inputs?: (region: string) => readonly JsonObject[];
  /** Which items are of the kind and in the region. Default: all. */
  readonly where?: (item: Item, region: string) => boolean;
}

/** A call that says whether another one can be made. */
export interface Preparation extends CallName {
  /** Path in its answer. */
  readonly path: string;
  /** What is there when it can; until then it is called again. */
  readonly ready: string;
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
    /**
     * Member that each item keeps the value under, that it was listed by; starts
     * with `$` and needs a batch of 1. Default: it is not kept.
     */
    readonly as?: string;
  };
}

/** Lists nothing of its own: a resource is a value that another kind has. */
export interface ListOfValues {
  /** Where the values come from. */
  readonly values: ValueOf;
  /** Member of the item that holds the value. */
  readonly as: string;
}

/** An item of a listing, with its details under names that start with `$`. */
export type Item = Readonly<Record<string, unknown>>;

/** How the resources of a kind are found. */
export type Listing = ReadCall | ListPerValue | ListOfValues;

/** A further call about items of a list; it must succeed, as the list must. */
export interface DetailCall
  extends Omit<ReadCall, "result" | "inputs" | "where" | "wrap"> {
  /** Member that the detail is put under in the item; starts with `$`. */
  readonly as: string;
  /**
   * Path of the value in the item that is asked for; with `many`, of the values.
   */
  readonly of: string;
  /** Values of one call at most. Default: 1. */
  readonly batch?: number;
  /**
   * Input for these values, beside the one that is always the same; `item` is
   * the first of the items that they come from.
   */
  readonly askFor: (
    values: readonly string[],
    item: Item,
  ) => JsonObject;
  /** Path of a value that all items of one batch share. Default: none needed. */
  readonly group?: string;
  /**
   * Path of the details in the answer. Default: the answer is the detail.
   * Without `match` the first one counts, and no further page is asked for.
   */
  readonly result?: string;
  /** Path in a detail of the value it belongs to; needed with a batch. */
  readonly match?: string;
  /**
   * Region that is asked about an item; undefined for no call. Default: the one
   * of the listing.
   */
  readonly region?: (item: Item) => string | undefined;
  /**
   * What is missing when the call fails, such as "prices": the operator is told
   * of it, and the kind is complete without. Default: the kind fails.
   */
  readonly without?: string;
  /** One call tells of all items, whatever their values; needs `match`. */
  readonly all?: true;
  /** Keeps the details of all values as a list. Default: the first one. */
  readonly many?: true;
  /** Error codes that say that this item has no detail (any more). */
  readonly none?: readonly string[];
  /** Only made when this switch of the configuration is on. */
  readonly option?: "collect_instance_user_data";
}

/** Which of two must be deleted first. */
export type DeletedFirst = "self" | "other";

/** Which of two the provider deletes together with the other one. */
export type GoesAlong = "self" | "other";

/**
 * Edges between the resource (`self`) and others of its region, or of the
 * account as a whole when the other kind is global. The default edge goes from
 * what holds or uses to what is held or used.
 */
export type EdgeDeclaration =
  & (
    | { /** Kind that the edge comes from. */ readonly predecessor: string }
    | { /** Kind that the edge leads to. */ readonly successor: string }
  )
  & {
    /**
     * Path of the others' ids, or of what ids are read from; or the parts of the
     * one id of another.
     */
    readonly id: string | IdParts;
    /**
     * Reads the id of the other, or ids of several, such as from an ARN;
     * undefined for no edge. A value that begins with `arn:` says its region and
     * account, too. Default: the value is the id.
     */
    readonly read?: (value: string) => string | readonly string[] | undefined;
    /**
     * Whether an id is the only one of its kind wherever it lies, such as that of
     * a bucket: the other is searched for. Default: it lies where its ARN says,
     * or in the region.
     */
    readonly anywhere?: true;
    /** Ids that stand for "none". */
    readonly except?: readonly string[];
    /**
     * Which of the two must be deleted first; a function tells it of an item,
     * for there are those that go by themselves. Default: neither.
     */
    readonly deletedFirst?:
      | DeletedFirst
      | ((item: Item) => DeletedFirst | undefined);
    /**
     * Which of the two goes when the other one is deleted, though nobody asks for
     * it, such as the instances of a group: only of what would be missed. Not for
     * others that may lie anywhere. Default: neither.
     */
    readonly goesAlong?:
      | GoesAlong
      | ((item: Item) => GoesAlong | undefined);
  };

/** A resource that something is done to, as the graph knows it. */
export interface Target {
  /** Its id. */
  readonly id: string;
  /** Region it lies in; of a global kind, the one that its calls go to. */
  readonly region: string;
  /** Account it belongs to. */
  readonly account: string;
  /** Partition of AWS, such as `aws`. */
  readonly partition: string;
  /** What the graph has of it. */
  readonly reported: JsonObject;
}

/** A call that changes something. */
export interface WriteCall extends CallName {
  /**
   * What it is given, from the item as AWS shows it now. Several inputs are
   * several calls, one after the other; none is no call.
   */
  readonly input: (
    item: Item,
    target: Target,
  ) => JsonObject | readonly JsonObject[] | undefined;
  /** Error codes that say that it is done already. Default: none. */
  readonly done?: readonly string[];
}

/** How a resource is deleted. */
export interface Removal {
  /**
   * Further calls about the one resource, made before each round of `calls`,
   * which find the answers in the item: versions that must be named. `refuse` is
   * asked without and with them.
   */
  readonly details?: readonly DetailCall[];
  /** Calls, in order; all but the last take it out of use. */
  readonly calls: readonly WriteCall[];
  /**
   * Why one must not be deleted, such as the default VPC, or undefined.
   * Default: any may.
   */
  readonly refuse?: (item: Item) => string | undefined;
  /**
   * Whether one that is still listed is gone for all purposes, such as a
   * terminated instance. Default: what is listed is there.
   */
  readonly isGone?: (item: Item) => boolean;
  /**
   * Where an item says that AWS deletes it already, and the states that say so:
   * then nothing is called, and it is waited for. Default: nothing says it.
   */
  readonly going?: { readonly of: string; readonly states: readonly string[] };
  /** Error codes of calls about it alone that say that it is gone. */
  readonly gone: readonly string[];
  /** Error codes that say "not yet", for something that hangs on it still goes. */
  readonly later?: readonly string[];
  /** Seconds within which it is gone after the calls. Default: 60. */
  readonly withinSeconds?: number;
  /**
   * Calls that AWS makes by our rights when it makes ours, such as for a last
   * snapshot. Default: none.
   */
  readonly implied?: readonly CallName[];
  /**
   * Properties, and paths inside them, that change when what hangs on it is
   * deleted before it, such as attachments, or by its own first calls: they may
   * have less, or be anything. Default: none, for what is not as the graph has it
   * is not deleted.
   */
  readonly follows?: Readonly<Record<string, "less" | "any">>;
}

/** How tags of a resource are written. */
export interface Tagging {
  /**
   * Reads the tags right before they are written, where `set` and `unset` write
   * the whole set: the target then reports them. Default: not needed.
   */
  readonly current?: CallName & {
    readonly input: (target: Target) => JsonObject;
    /** Path of the tags in the answer. */
    readonly result: string;
    /** Error codes that say that there are none. */
    readonly none?: readonly string[];
  };
  /** Sets tags and leaves others alone. */
  readonly set: CallName & {
    readonly input: (
      target: Target,
      tags: Readonly<Record<string, string>>,
    ) => JsonObject;
  };
  /** Takes tags away. */
  readonly unset: CallName & {
    readonly input: (target: Target, keys: readonly string[]) => JsonObject;
  };
}

/** An id that is a part of a value, or made of several values of an item. */
export interface IdParts {
  /** Paths of the values; all must be there, but for those of `optional`. */
  readonly of: readonly string[];
  /** Paths of values that not every item has; they follow those of `of`. */
  readonly optional?: readonly string[];
  /** Makes the id of the values; undefined where they are none. */
  readonly read: (...values: readonly string[]) => string | undefined;
}

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
  /**
   * `region` when each region has its own; `global` when the account has them as
   * a whole, listed once in the partition's home region. Default: `region`.
   */
  readonly place?: "region" | "global";
  /** How it is listed. */
  readonly list: Listing;
  /**
   * Input that makes the listing give this resource alone, beside the one that
   * is always the same. Default: all are listed, and it is looked for.
   */
  readonly one?: (target: Target) => JsonObject;
  /** Further calls about what is listed. Default: none. */
  readonly details?: readonly DetailCall[];
  /** Path of its id, or what the id is read from: see `resourceId()`. */
  readonly id: string | IdParts;
  /** Path of its availability zone. Default: it is in none. */
  readonly zone?: string;
  /** What it has; `name` falls back to the id. */
  readonly properties: Properties;
  /** How it hangs together with others. Default: with its region alone. */
  readonly edges?: readonly EdgeDeclaration[];
  /** How it is deleted. Default: it cannot be. */
  readonly remove?: Removal;
  /**
   * Calls that take away what it says of others, where resources name each other
   * in a circle. Default: none can be.
   */
  readonly detach?: readonly WriteCall[];
  /** How its tags are written. Default: they cannot be. */
  readonly tagging?: Tagging;
}

/** The part of a call that names it. */
export type CallName = Pick<
  ReadCall,
  "service" | "operation" | "action" | "attempts"
>;

/** The IAM action that a call needs. */
export function actionOf({ service, operation, action }: CallName): string {
  return action ?? `${SERVICES[service].iam}:${operation}`;
}

/** The calls that a declaration makes. */
export function callsOf(
  { list, details = [] }: ResourceDeclaration,
): Omit<ReadCall, "result">[] {
  const calls = "operation" in list ? [list, ...details] : [...details];
  return calls.flatMap((call) =>
    call.prepare === undefined ? [call] : [call.prepare, call]
  );
}

/** The calls that write tags, and those that they go by. */
export function taggingCallsOf(
  { tagging }: Pick<ResourceDeclaration, "tagging">,
): CallName[] {
  if (tagging === undefined) return [];
  const { current, set, unset } = tagging;
  return [...(current === undefined ? [] : [current]), set, unset];
}

/** The calls that delete or detach, those that they go by and that they cause. */
export function removalCallsOf(
  { detach = [], remove }: Pick<ResourceDeclaration, "detach" | "remove">,
): CallName[] {
  return [
    ...remove?.details ?? [],
    ...remove?.calls ?? [],
    ...remove?.implied ?? [],
    ...detach,
  ];
}

/** Every call that a declaration makes beside those that collect. */
export function writesOf(resource: ResourceDeclaration): CallName[] {
  return [...taggingCallsOf(resource), ...removalCallsOf(resource)];
}

/** The value of another kind that a listing goes by, or undefined. */
export function sourceOf(list: Listing): ValueOf | undefined {
  if ("values" in list) return list.values;
  return "each" in list ? list.each : undefined;
}
