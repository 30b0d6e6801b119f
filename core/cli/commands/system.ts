/**
 * The command `system`.
 *
 * @module
 */

import type { SystemInfoJson } from "@skymap/lib/client";
import type { Arguments } from "../arguments.ts";
import type { Command, Form, Stage } from "../command.ts";
import type { LineContext } from "../line_context.ts";
import { readFileName } from "../read_file_name.ts";
import { recordFlow } from "../record_flow.ts";
import { sentFile } from "../sent_file.ts";
import { toldText } from "../told_text.ts";

/** What there is, one record for each part. */
function partsOf(info: SystemInfoJson): readonly object[] {
  const { graphs, subscribers, plugins, waiting_restore, ...core } = info;
  return [
    { part: "core", ...core },
    ...graphs.map((graph) => ({ part: "graph", ...graph })),
    ...subscribers.map((id) => ({ part: "subscriber", id })),
    ...plugins.map((each) => {
      const at = each.lastIndexOf("@");
      return {
        part: "plugin",
        name: each.slice(0, at),
        version: each.slice(at + 1),
      };
    }),
    ...(waiting_restore === undefined
      ? []
      : [{ part: "restore_at_next_start", ...waiting_restore }]),
  ];
}

const INFO: Form = {
  verb: "info",
  brief: "Says what runs and how much it holds, a record for each part",
  parameters: [],
  prepare: () => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(async () => partsOf(await services.system.info())),
  }),
};

/** `skymap-backup-2026-01-31T120000Z.gz` */
function defaultName({ clock }: LineContext): string {
  const time = new Date(clock.now()).toISOString()
    .replace(/\.\d+Z$/, "Z").replaceAll(":", "");
  return `skymap-backup-${time}.gz`;
}

function createBackup(args: Arguments): Stage {
  const name = args.get("file") === undefined
    ? undefined
    : readFileName(args, "file");
  if (args.has("--force")) {
    throw args.fault("nothing is replaced by a backup", "--force");
  }
  return {
    output: "file",
    run: (_input, context) => ({
      type: "file",
      name: name ?? defaultName(context),
      mediaType: "application/gzip",
      chunks: context.services.system.backup(context.signal),
    }),
  };
}

function restoreBackup(args: Arguments): Stage {
  const file = args.get("file");
  if (file === undefined) {
    throw args.fault("no file is named, wanted one that a backup made");
  }
  const force = args.has("--force");
  return {
    output: "text",
    isChange: true,
    files: [file],
    run: (_input, context) =>
      toldText(async () => {
        const { services, signal } = context;
        const body = sentFile(context, file);
        const report = await services.system.restore(body, { force, signal });
        const { created_at, graphs, rows } = report;
        return `The backup of ${created_at} is whole: ${graphs.length} ` +
          `${graphs.length === 1 ? "graph" : "graphs"} ` +
          `(${graphs.join(", ")}) and ${rows} rows of configuration, jobs, ` +
          "templates, plugins and runs. It takes the place of everything " +
          "when core is started anew; until then nothing has changed";
      }),
  };
}

const BACKUP: Form = {
  verb: "backup",
  brief: "Makes a file of everything, or reads one",
  parameters: [
    {
      name: "--force",
      help: "For restore: everything that is there may be replaced",
    },
    {
      name: "what",
      type: ["create", "restore"],
      isRequired: true,
      help: "create makes a file, restore reads one",
    },
    {
      name: "file",
      type: "file",
      help: "Name of the file; restore needs one",
      default: "skymap-backup- and the time",
    },
  ],
  prepare: (args) =>
    args.must("what") === "create" ? createBackup(args) : restoreBackup(args),
};

/** Everything at once. */
export const SYSTEM: Command = {
  name: "system",
  group: "setup",
  brief: "Says what runs; backs up and restores everything",
  description:
    `A backup is one compressed file with every graph, its history and snapshots, and
the configuration, jobs, templates, plugins and ended runs. It is made while core
runs. It holds the secrets that the configuration does: keep it as a secret. The
pre-shared key is not in it.

A restore reads all of the file or nothing, into an empty core or with \`--force\`.
It takes the place of everything when core is started anew.`,
  position: "source",
  forms: [INFO, BACKUP],
  examples: [
    { line: "system info", says: "Says what runs and how much it holds" },
    {
      line: "system backup create everything.gz",
      says: "Makes a file of everything",
    },
    {
      line: "system backup restore --force everything.gz",
      says: "Reads it; it counts from the next start of core on",
      needs: "file everything.gz",
    },
  ],
};
