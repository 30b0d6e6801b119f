import { retry, type RetryOptions } from "@skymap/lib/plugin";
import type { AwsClient } from "./client.ts";
import { actionOf, type Preparation } from "./declaration.ts";
import { AwsCallError } from "./aws_error.ts";
import { parsePath, readFirst } from "./path.ts";

/** Some 2 minutes in all: a report of a large account takes its time. */
const PATIENCE: RetryOptions = {
  attempts: 30,
  firstDelayMs: 500,
  maxDelayMs: 5_000,
};

/** What is not ready yet, which is worth another try. */
class NotReady extends AwsCallError {}

/**
 * Calls until the answer says that what it prepares is ready.
 *
 * @throws {AwsCallError} If a call fails, or if it does not get ready.
 */
export async function prepareCall(
  client: Pick<AwsClient, "call">,
  region: string,
  preparation: Preparation,
  options: RetryOptions = {},
): Promise<void> {
  const { path, ready } = preparation;
  await retry(async () => {
    const answer = await client.call(region, preparation, {});
    const state = readFirst(parsePath(path), answer);
    if (state === ready) return;
    throw new NotReady({
      code: "not_ready",
      message: `${path} is ${state}, not ${ready}`,
      permission: actionOf(preparation),
      region,
    });
  }, {
    ...PATIENCE,
    ...options,
    when: (error) => error instanceof NotReady,
  });
}
