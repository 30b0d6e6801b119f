/**
 * What the HTTP API needs of the rest of core.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import type { MetricBlock } from "@skymap/lib/pages";
import type { Caller, CoreServices } from "../cli/core_services.ts";
import type { ApiEnv } from "./middleware/api_env.ts";

/** Everything the API serves. */
export interface Services extends CoreServices {
  /** Whether requests can be answered now; a reason when not. */
  ready(): string | undefined;
  /** Who a token belongs to; throws `token_invalid` or `token_expired`. */
  authenticate(token: string): Promise<Caller>;
  /** Core's own Prometheus metrics, as they are now. */
  metrics(): Promise<readonly MetricBlock[]>;
  /** Times requests. Default: nobody does. */
  readonly time?: MiddlewareHandler<ApiEnv>;
  /** Serves the database's WebSocket protocol, when the engine is embedded. */
  readonly rpc?: (request: Request) => Response | Promise<Response>;
}
