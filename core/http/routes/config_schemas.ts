/**
 * Shapes of what the API says of the configuration.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type {
  ActiveConfigJson,
  ConfigChangedJson,
  ConfigJson,
  ConfigRevisionJson,
  ConfigSummaryJson,
} from "@skymap/lib/client";

const time = z.string().openapi({ format: "date-time" });
const count = z.int().nonnegative();
const object = z.record(z.string(), z.unknown());

/** Makes the compiler prove that a schema is of the client's type. */
function shape<T>(name: string, schema: z.ZodType): z.ZodType<T> {
  return schema.openapi(name) as z.ZodType<T>;
}

const state = {
  id: z.string(),
  revision: count,
  updated_at: time.optional(),
  updated_by: z.string().optional(),
};

/** A document in a few words. */
export const CONFIG_SUMMARY: z.ZodType<ConfigSummaryJson> = shape(
  "ConfigSummary",
  z.object({
    ...state,
    is_known: z.boolean(),
    description: z.string().optional(),
    overridden: z.array(z.string()),
  }),
);

const document = {
  ...state,
  config: object,
  overrides: z.array(z.object({
    path: z.string(),
    value: z.unknown(),
    origin: z.string(),
  })),
};

/** A document. */
export const CONFIG: z.ZodType<ConfigJson> = shape(
  "Config",
  z.object(document),
);

/** A document that was changed. */
export const CONFIG_CHANGED: z.ZodType<ConfigChangedJson> = shape(
  "ConfigChanged",
  z.object({ ...document, notes: z.array(z.string()) }),
);

/** What setting a document would say. */
export const CONFIG_VALIDATED = z.object({ notes: z.array(z.string()) });

/** A state that a document was in. */
export const CONFIG_REVISION: z.ZodType<ConfigRevisionJson> = shape(
  "ConfigRevision",
  z.object({
    revision: count,
    updated_at: time,
    updated_by: z.string(),
    deleted: z.boolean(),
  }),
);

/** What a process works with. */
export const ACTIVE_CONFIG: z.ZodType<ActiveConfigJson> = shape(
  "ActiveConfig",
  z.object({ version: z.string(), config: object }),
);
