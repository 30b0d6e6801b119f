/**
 * How a token opens the control plane.
 *
 * @module
 */

import { DATABASE_SCOPE, signingKey } from "@skymap/lib/auth";
import type { DbSession } from "@skymap/lib/db";

/**
 * Lets in the tokens of a key, and no others from now on. A token for a worker
 * that has no active record is refused: the engine itself would accept it.
 */
export async function defineAccess(
  system: DbSession,
  psk: string,
): Promise<void> {
  // 64 hexadecimal digits: the one thing that cannot be bound here.
  const key = await signingKey(psk);
  await system.query(`
    DEFINE ACCESS OVERWRITE ${DATABASE_SCOPE.access} ON DATABASE TYPE RECORD
      WITH JWT ALGORITHM HS256 KEY "${key}"
      AUTHENTICATE {
        IF !record::exists($auth) OR $auth.active != true {
          THROW "unknown worker"
        };
        RETURN $auth
      }
      DURATION FOR TOKEN 1h`);
}
