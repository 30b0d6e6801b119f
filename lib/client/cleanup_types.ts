/**
 * Cleanup plans as the API gives them.
 *
 * @module
 */

/** How far a plan is; one that is too old to be applied is `expired`. */
export type CleanupPlanState =
  | "planned"
  | "applying"
  | "applied"
  /** Some of it was not deleted, or it was cut; it may be applied again. */
  | "failed"
  /** It cannot be applied any more. */
  | "refused"
  | "expired";

/** What became of a step. */
export type CleanupItemState =
  | "pending"
  | "done"
  /** It was gone already. */
  | "gone"
  /** It is not what it was when it was planned: nothing was done. */
  | "changed"
  /** It must not be deleted. */
  | "refused"
  /** The provider did not do it, or nobody could. */
  | "failed"
  /** What hangs on it is still there. */
  | "skipped";

/** A resource of a plan. */
export interface CleanupResourceJson {
  /** Its node id. */
  readonly node: string;
  readonly kind: string;
  /** The provider's id. */
  readonly id: string;
  readonly name: string;
  readonly cloud: string;
  readonly account: string;
  readonly account_name: string;
  readonly region: string;
}

/** A step of a plan. */
export interface CleanupItemJson extends CleanupResourceJson {
  /** Its place, from 0. */
  readonly position: number;
  readonly action: "detach" | "delete";
  /** Steps of one wave hang on nothing but earlier ones. */
  readonly wave: number;
  /** Places of the steps that must be done before. */
  readonly needs: readonly number[];
  /** Number of the circle that it is in. */
  readonly circle?: number;
  /** Hash of what was reported of it. */
  readonly version: string;
  /** When the resource was created. */
  readonly created_at?: string;
  /** Its price, or that of its type. */
  readonly cost?: number;
  readonly state: CleanupItemState;
  /** Why it was not done. */
  readonly reason?: string;
  readonly ended_at?: string;
  /** What the last dry run found; `would_be_done` when nothing is against it. */
  readonly checked?: string;
}

/** A marked node that is not in a plan. */
export interface CleanupBlockedJson extends CleanupResourceJson {
  readonly created_at?: string;
  /** Which sort of obstacle it is. */
  readonly reason: string;
  /** What stands against its deletion. */
  readonly message: string;
  /** The resource that blocks it. */
  readonly by?: CleanupResourceJson;
}

/** What a plan does with a kind in an account. */
export interface CleanupGroupJson {
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  readonly account_name: string;
  /** Resources that are deleted. */
  readonly deleted: number;
  /** Resources that are marked and stay. */
  readonly blocked: number;
  /** When the oldest of what is deleted was created. */
  readonly oldest?: string;
  /** Sum of what is known of the prices of what is deleted. */
  readonly cost?: number;
}

/** A limit that a plan crosses. */
export interface CleanupCrossedJson {
  readonly limit: string;
  readonly subject: string;
  readonly value: number;
  readonly allowed: number;
  readonly message: string;
}

/** A plan. */
export interface CleanupPlanJson {
  readonly id: string;
  readonly graph: string;
  readonly state: CleanupPlanState;
  /** SHA-256 of its steps. */
  readonly hash: string;
  /** Number of the state of the graph that it was made of. */
  readonly sequence: number;
  readonly created_at: string;
  /** When the graph gave the same plan last. */
  readonly checked_at: string;
  /** Who made it. */
  readonly by: string;
  /** The run that it was made in. */
  readonly run?: string;
  /** The search that narrows what is planned. */
  readonly search?: string;
  /** Resources that are deleted. */
  readonly deletions: number;
  /** Resources that are detached before. */
  readonly detachments: number;
  /** Resources that are marked and stay. */
  readonly blocked: number;
  /** Resources that an earlier plan deleted and that are still listed. */
  readonly deleted_before: number;
  readonly waves: number;
  /** Steps of the first waves. */
  readonly wave_steps: readonly number[];
  /** By cloud, account and kind. */
  readonly groups: readonly CleanupGroupJson[];
  /** Why resources stay: how many, and the first one. */
  readonly reasons: readonly {
    readonly reason: string;
    readonly count: number;
    readonly example: string;
  }[];
  /** Limits that it crosses. */
  readonly crossed: readonly CleanupCrossedJson[];
  /** Kinds that nobody lists and that were taken as absent. */
  readonly unseen?: readonly string[];
  /** What the configuration said when it was made. */
  readonly belts: Readonly<Record<string, unknown>>;
  /** Limits that were raised for it, each with who did it. */
  readonly raised: readonly {
    readonly limit: string;
    readonly value: number | string;
    readonly by: string;
    readonly at: string;
  }[];
  /** Steps by what became of them. */
  readonly progress: Readonly<Record<CleanupItemState, number>>;
  readonly applied_by?: string;
  readonly started_at?: string;
  readonly ended_at?: string;
  /** Why it failed or was refused. */
  readonly error?: string;
  /** The last dry run. */
  readonly dry_run?: {
    readonly at: string;
    readonly by: string;
    /** Steps that nothing stands against. */
    readonly would_be_done: number;
    /** Steps that would not be done. */
    readonly problems: number;
  };
}

/** How a plan is made. */
export interface CleanupRequestJson {
  /** Default: the graph of lines that name none. */
  readonly graph?: string;
  /** Plans only what matches. Default: all that is marked. */
  readonly search?: string;
}

/** How a plan is applied. */
export interface CleanupApplyJson {
  /** Looks at everything and changes nothing. Default: as configured. */
  readonly dry_run?: boolean;
  /** Limits that do not count this time, with what counts in their place. */
  readonly raise?: Readonly<Record<string, number | string>>;
}
