/**
 * What the configuration says of cleanups: nothing is deleted by default, and
 * what may be is bounded.
 *
 * @module
 */

import { GRAPH_NAME } from "@skymap/lib/config";
import { isDuration, parseDuration } from "@skymap/lib/duration";
import { z } from "zod";

/** Limits that one apply of a plan may raise. */
export const CLEANUP_LIMITS = [
  "max_count",
  "max_count_per_kind",
  "max_count_per_account",
  "max_share",
  "max_share_per_kind",
  "max_share_per_account",
  "max_age",
] as const;

/** The name of a limit. */
export type CleanupLimit = typeof CLEANUP_LIMITS[number];

const count = (initial: number) => z.int().min(0).default(initial);

const share = (initial: number) => z.number().min(0).max(1).default(initial);

const names = (initial: readonly string[]) =>
  z.array(z.string().min(1)).default([...initial]);

/** The schema of section `core.cleanup` of the document `skymap.core`. */
export const CLEANUP_SECTION = z.strictObject({
  enabled: z.boolean().default(false).describe(
    "Whether anything may be deleted at all",
  ),
  dry_run: z.boolean().default(true).describe(
    "Whether an apply looks at everything and changes nothing",
  ),
  graph: GRAPH_NAME.describe(
    "Graph whose marks the workflow cleans up; others are planned by hand alone",
  ),
  max_age: z.string().default("24h").refine(
    (text) => isDuration(text) && parseDuration(text) > 0,
    { message: "wanted a duration such as 24h" },
  ).describe("Age up to which a plan may be applied"),
  max_count: count(100).describe("Resources that one plan may delete"),
  max_count_per_kind: count(50).describe(
    "Resources of one kind that one plan may delete",
  ),
  max_count_per_account: count(50).describe(
    "Resources of one account that one plan may delete",
  ),
  max_share: share(0.1).describe(
    "Share of all resources of the graph that one plan may delete",
  ),
  max_share_per_kind: share(0.5).describe(
    "Share of the resources of a kind that one plan may delete",
  ),
  max_share_per_account: share(0.3).describe(
    "Share of the resources of an account that one plan may delete",
  ),
  share_from: count(10).describe(
    "Resources up to which a plan may delete any share: most of what is small",
  ),
  accounts: names([]).describe(
    "Ids of the only accounts in which anything is deleted; empty: in none",
  ),
  protected_accounts: names([]).describe(
    "Ids or names of accounts in which nothing is deleted",
  ),
  protected_kinds: names([
    "account",
    "region",
    "organizational_root",
    "organizational_unit",
    "aws_root_user",
  ]).describe(
    "Kinds of which nothing is deleted, nor of kinds that descend from them",
  ),
  protected_tags: names([
    "protected",
    "do-not-delete",
    "do_not_delete",
    "donotdelete",
  ]).describe(
    "Tags whose resources are not deleted, as NAME or NAME=VALUE with * for any letters; capitals do not count",
  ),
  protected_ids: names([]).describe(
    "Ids of resources that are not deleted: the provider's or node ids",
  ),
  unseen_kinds: names([]).describe(
    "Kinds, with those that descend from them, that are taken as absent where nobody lists them",
  ),
});

/** What cleanups are configured with. */
export type CleanupConfig = z.infer<typeof CLEANUP_SECTION>;
