/**
 * What a cleanup plan is made of and says.
 *
 * @module
 */

/** A resource, by what people and providers call it. */
export interface PlanResource {
  /** Its node id. */
  readonly node: string;
  /** Its kind. */
  readonly kind: string;
  /** The provider's id. */
  readonly id: string;
  /** Its name for people; its id when it has none. */
  readonly name: string;
  /** Cloud id. */
  readonly cloud: string;
  /** Account id. */
  readonly account: string;
  /** The account's name for people. */
  readonly accountName: string;
  /** Region id; empty for what is not in a region. */
  readonly region: string;
}

/** A node that is marked to be cleaned up. */
export interface MarkedNode extends PlanResource {
  /** Hash of what was reported of it. */
  readonly version: string;
  /** When it was created, in milliseconds since 1970. */
  readonly createdAt: number | null;
  /** What it costs, in the unit of its price; null when that is not known. */
  readonly cost: number | null;
  /** Whether it is protected. */
  readonly isProtected: boolean;
  /** Those of its tags that may protect it. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What is done to a resource. */
export type PlanAction = "detach" | "delete";

/** A step of a plan. */
export interface PlanItem {
  /** Its place in the plan, from 0. */
  readonly position: number;
  /** What is done. */
  readonly action: PlanAction;
  /** When: those of one wave hang on nothing but earlier ones. */
  readonly wave: number;
  /** To what. */
  readonly node: MarkedNode;
  /** Places of the steps that must be done before, sorted. */
  readonly needs: readonly number[];
  /** Number of the circle it is in; null when it is in none. */
  readonly circle: number | null;
}

/** Why a marked node is not in a plan. */
export type BlockReason =
  | "protected"
  | "kind"
  | "belt"
  | "scope"
  | "dependant"
  | "blocked_dependant"
  | "member"
  | "circle";

/** Every {@linkcode BlockReason}. */
export const BLOCK_REASONS: readonly BlockReason[] = [
  "protected",
  "kind",
  "belt",
  "scope",
  "dependant",
  "blocked_dependant",
  "member",
  "circle",
];

/** What stands against the deletion of a node. */
export interface Obstacle {
  /** Which sort it is. */
  readonly reason: BlockReason;
  /** What it is: a clause about the node. */
  readonly message: string;
}

/** A marked node that is not in a plan. */
export interface BlockedNode extends Obstacle {
  /** The node. */
  readonly node: MarkedNode;
  /** What blocks it, if that is another resource. */
  readonly by?: PlanResource;
}

/** What is planned and what is not: each marked node is in one of them. */
export interface ComputedPlan {
  /** The steps, in their order. */
  readonly items: readonly PlanItem[];
  /** What cannot be deleted now. */
  readonly blocked: readonly BlockedNode[];
}
