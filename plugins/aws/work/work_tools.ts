import type { TaskContext } from "@skymap/lib/plugin";
import { freshCredentials, unpackAccess } from "../account_credentials.ts";
import { AwsClient } from "../client.ts";
import type { ResourceDeclaration } from "../declaration.ts";
import { RateGovernors } from "../rate_governor.ts";
import type { AwsConfig } from "../settings.ts";
import type { WorkClock } from "./work_clock.ts";

/** What the tasks of one account work with. */
export interface WorkTools extends Disposable {
  /** Calls AWS for the account. */
  readonly client: AwsClient;
  /** The account. */
  readonly account: { readonly id: string; readonly partition: string };
  /** The kinds by name. */
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  /** Switches of further calls. */
  readonly config: Pick<AwsConfig, "collect_instance_user_data">;
  /** What time it is. */
  readonly clock: WorkClock;
  /** Ends all of it. */
  readonly signal: AbortSignal;
}

/**
 * Makes them out of what a task is given.
 *
 * @throws {TypeError} If it is given no account.
 */
export function workTools(
  { account, accountOf, config, signal, task }: TaskContext<AwsConfig>,
  resources: readonly ResourceDeclaration[],
  clock: WorkClock,
): WorkTools {
  if (account === undefined) {
    throw new TypeError(`Cannot do task "${task}": it is for no account`);
  }
  const { partition } = unpackAccess(account);
  const client = new AwsClient({
    // What is deleted may take longer to go than a session lasts.
    credentials: freshCredentials(account, () => accountOf(account.id)),
    endpoint: config.endpoint,
    governors: new RateGovernors({
      byDefault: config.resource_pool_tasks_per_service_default,
      services: config.resource_pool_tasks_per_service,
    }),
    signal,
  });
  return {
    client,
    account: { id: account.id, partition },
    resources: new Map(resources.map((each) => [each.kind, each])),
    config,
    clock,
    signal,
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}
