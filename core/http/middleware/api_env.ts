/**
 * What middleware puts beside a request.
 *
 * @module
 */

import type { Caller } from "../../cli/core_services.ts";

/** The Hono environment of the API. */
export interface ApiEnv {
  /** Values set by middleware. */
  readonly Variables: {
    /** Id of the request, also sent back. */
    requestId: string;
    /** Who asks; set behind authentication. */
    caller: Caller;
  };
}
