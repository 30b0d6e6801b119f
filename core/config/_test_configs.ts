/**
 * A configuration over a real database, for tests.
 *
 * @module
 */

import type { DbSession } from "@skymap/lib/db";
import { isSkymapError } from "@skymap/lib/errors";
import { rejects } from "node:assert/strict";
import { Configs } from "./configs.ts";
import { ConfigStore } from "./config_store.ts";
import type { DocumentTrial, ForeignSection } from "./document_rules.ts";
import { knownDocuments } from "./known_documents.ts";
import { type ConfigOverride, Overrides } from "./overrides.ts";

/** A plugin with one property of each sort. */
export const FRUIT: ForeignSection = {
  name: "fruit",
  description: "Collects fruit",
  schema: {
    type: "object",
    properties: {
      region: {
        description: "Regions to collect",
        anyOf: [{ type: "string" }, {
          type: "array",
          items: { type: "string" },
        }],
      },
      pool_size: {
        description: "Fields side by side",
        type: "integer",
        minimum: 1,
        maximum: 100,
        default: 4,
      },
      api_token: { description: "Token of the orchard", type: "string" },
      limits: {
        type: "object",
        default: {},
        description: "What it may use",
        properties: {
          calls: { type: "integer", minimum: 1, default: 9 },
        },
        additionalProperties: false,
      },
      endpoint: { type: "string", format: "uri" },
      credentials: {
        type: "array",
        items: {
          type: "object",
          properties: {
            user: { type: "string" },
            password: { type: "string" },
          },
          required: ["user"],
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
  },
};

/** The rules of the documents, with this plugin or others. */
export function testRules(
  plugins: readonly ForeignSection[] = [FRUIT],
  metricTrial?: DocumentTrial,
) {
  return knownDocuments({
    metricTrial,
    workflows: [{ name: "collect", schedule: "0 * * * *" }, {
      name: "metrics",
    }],
    scheduleProblem: (cron) =>
      cron.split(" ").length === 5 ? undefined : `is "${cron}", wanted a cron`,
    plugins: () => plugins,
  });
}

/** What {@linkcode testConfigs} takes beside the database. */
export interface TestConfigsOptions {
  readonly overrides?: readonly ConfigOverride[];
  readonly paths?: readonly string[];
  /** Which plugins there are; may change meanwhile. */
  readonly plugins?: ForeignSection[];
  /** Tries `skymap.metrics`. Default: nothing is tried. */
  readonly metricTrial?: DocumentTrial;
  /** Whether what an earlier test stored stays. Default: no. */
  readonly keeps?: boolean;
}

/** A configuration without any document. */
export async function testConfigs(
  db: DbSession,
  options: TestConfigsOptions = {},
): Promise<Configs> {
  if (options.keeps !== true) await db.query("DELETE config");
  return new Configs({
    store: await ConfigStore.open({
      db,
      nowMs: () => Date.UTC(2026, 0, 31, 12),
    }),
    rules: testRules(options.plugins, options.metricTrial),
    overrides: await Overrides.open({
      paths: options.paths ?? [],
      fixed: options.overrides ?? [],
      check: () => {},
    }),
  });
}

/** Code and message of what is refused. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  let message = "";
  await rejects(promise, (error) => {
    message = isSkymapError(error) ? `${error.code}: ${error.message}` : "";
    return message !== "";
  });
  return message;
}
