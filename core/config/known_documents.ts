/**
 * The documents that Skymap knows, with what each may hold.
 *
 * @module
 */

import { METRICS_SECTION, WORKER_SECTION } from "@skymap/lib/config";
import { z } from "zod";
import { COMMANDS_SCHEMA } from "./commands_document.ts";
import {
  coreSection,
  type ScheduledWorkflow,
  type ScheduleProblem,
} from "./core_document.ts";
import { DocumentRules, type ForeignSection } from "./document_rules.ts";

/** What the documents depend on. */
export interface KnownDocumentsOptions {
  /** The workflows that there are. */
  readonly workflows: readonly ScheduledWorkflow[];
  /** Why a schedule cannot be used. */
  readonly scheduleProblem: ScheduleProblem;
  /** The plugins that there are, as of now: each has a section. */
  readonly plugins: () => readonly ForeignSection[];
}

/** The rules of every document that Skymap knows. */
export function knownDocuments(
  { workflows, scheduleProblem, plugins }: KnownDocumentsOptions,
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
      own: z.strictObject({
        metrics: METRICS_SECTION.prefault({})
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
