/**
 * The documents that Skymap knows, with what each may hold.
 *
 * @module
 */

import {
  METRICS_SECTION,
  type MetricsSection,
  WORKER_SECTION,
} from "@skymap/lib/config";
import { z } from "zod";
import { COMMANDS_SCHEMA } from "./commands_document.ts";
import {
  coreSection,
  type ScheduledWorkflow,
  type ScheduleProblem,
} from "./core_document.ts";
import {
  DocumentRules,
  type DocumentTrial,
  type ForeignSection,
} from "./document_rules.ts";
import { metricSearchProblem } from "./metric_search.ts";

/** What the documents depend on. */
export interface KnownDocumentsOptions {
  /** The workflows that there are. */
  readonly workflows: readonly ScheduledWorkflow[];
  /** Why a schedule cannot be used. */
  readonly scheduleProblem: ScheduleProblem;
  /** The plugins that there are, as of now: each has a section. */
  readonly plugins: () => readonly ForeignSection[];
  /** Tries `skymap.metrics`. Default: its searches are read, and not run. */
  readonly metricTrial?: DocumentTrial | undefined;
}

/** Tells each search of a metric that is none, or gives no single value. */
function checkSearches(
  { metrics }: MetricsSection,
  context: z.RefinementCtx,
): void {
  for (const [name, { search }] of Object.entries(metrics)) {
    if (search === undefined) continue;
    const message = metricSearchProblem(search);
    if (message === undefined) continue;
    const path = ["metrics", name, "search"];
    context.addIssue({ code: "custom", path, message });
  }
}

/** The rules of every document that Skymap knows. */
export function knownDocuments(
  { workflows, scheduleProblem, plugins, metricTrial }: KnownDocumentsOptions,
): readonly DocumentRules[] {
  return [
    new DocumentRules({
      id: "skymap.commands",
      takesReferences: false,
      brief: "Commands of your own",
      own: COMMANDS_SCHEMA,
    }),
    new DocumentRules({
      id: "skymap.core",
      takesReferences: false,
      brief: "How core works: history, schedules, the command line",
      own: z.strictObject({
        core: coreSection(workflows, scheduleProblem).prefault({})
          .describe("Settings of core"),
      }),
    }),
    new DocumentRules({
      id: "skymap.metrics",
      takesReferences: true,
      brief: "What the exporter of metrics measures",
      trial: metricTrial,
      own: z.strictObject({
        metrics: METRICS_SECTION.superRefine(checkSearches).prefault({})
          .describe("Settings of the exporter of metrics"),
      }),
    }),
    new DocumentRules({
      id: "skymap.worker",
      takesReferences: true,
      brief: "What workers collect, and with which credentials",
      own: z.strictObject({
        worker: WORKER_SECTION.prefault({}).describe("Settings of workers"),
      }),
      foreign: plugins,
    }),
  ];
}
