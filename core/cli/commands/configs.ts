/**
 * The command `configs`.
 *
 * @module
 */

import type { ConfigChangedJson, ConfigSummaryJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import { parseOverride } from "@skymap/lib/settings";
import {
  readAssignment,
  readPath,
  setPath,
  unsetPath,
} from "../../config/change_path.ts";
import { MAX_CHARS } from "../../config/read_document.ts";
import type { Arguments } from "../arguments.ts";
import { Batch, type Batches } from "../batch.ts";
import type { Command, Form, Parameter, Stage } from "../command.ts";
import type { Flow } from "../flow.ts";
import type { LineContext } from "../line_context.ts";

const ID: Parameter = {
  name: "id",
  type: "config",
  isRequired: true,
  help: "Id of the document, such as skymap.worker",
};

const FILE: Parameter = {
  name: "file",
  type: "file",
  isRequired: true,
  help: "YAML or JSON",
};

const BASE: Parameter = {
  name: "--revision",
  type: "number",
  help: "Revision that the change is based on; another one is a conflict",
  default: "the newest",
};

async function* once<T>(make: () => Promise<T> | T): AsyncGenerator<T> {
  yield await make();
}

function text(
  make: (context: LineContext) => Promise<string> | string,
  mediaType?: string,
): Stage["run"] {
  return (_input, context) => ({
    type: "text",
    ...(mediaType !== undefined && { mediaType }),
    chunks: once(() => make(context)),
  });
}

function records(
  make: (context: LineContext) => Promise<readonly unknown[]>,
): Stage["run"] {
  return (_input, context): Flow => ({
    type: "elements",
    shape: "records",
    batches: once(async () =>
      Batch.ofValues(await make(context) as readonly Json[])
    ) as Batches,
  });
}

/** Tells what became of a document, and what does not count. */
function told(
  context: LineContext,
  { id, revision, notes }: ConfigChangedJson,
  before: number,
): string {
  for (const note of notes) {
    context.note({ type: "message", level: "warning", text: note });
  }
  return revision === before
    ? `${id} is as it was: revision ${revision}\n`
    : `${id} has revision ${revision} now\n`;
}

/** A change of a document, and what is told of it. */
function change(
  id: string,
  make: (context: LineContext) => Promise<ConfigChangedJson>,
): Stage {
  return {
    output: "text",
    isChange: true,
    run: text(async (context) => {
      const before = revisionOf(context, id);
      return told(context, await make(context), before);
    }),
  };
}

function revisionOf({ services }: LineContext, id: string): number {
  return services.configs.list().find((each) => each.id === id)?.revision ?? 0;
}

/** Who makes a change, and what it is based on. */
function changeOf(context: LineContext, args: Arguments) {
  return {
    by: context.caller.subject,
    revision: args.number("--revision"),
    signal: context.signal,
  };
}

/** The text of a file that came with the line. */
async function fileText(context: LineContext, name: string): Promise<string> {
  const file = context.files.get(name);
  if (file === undefined) {
    throw new TypeError(`Cannot happen: file "${name}" did not come`);
  }
  if (file.size > 4 * MAX_CHARS) {
    throw new SkymapError(
      "config_invalid",
      `Cannot read "${name}": it has ${file.size} bytes, at most ${MAX_CHARS} ` +
        "characters are kept",
    );
  }
  return await file.text();
}

/** A document in a few words; what goes without saying is left out. */
function listed(
  { is_known, overridden, ...summary }: ConfigSummaryJson,
): Partial<ConfigSummaryJson> {
  return {
    ...summary,
    ...(!is_known && { is_known }),
    ...(overridden.length > 0 && { overridden }),
  };
}

const LIST: Form = {
  verb: "list",
  brief: "Lists the documents",
  parameters: [],
  prepare: () => ({
    output: "elements",
    run: records(({ services }) =>
      Promise.resolve(services.configs.list().map(listed))
    ),
  }),
};

const SHOW: Form = {
  verb: "show",
  brief: "Shows a document as YAML, with what each property means",
  parameters: [
    {
      name: "--effective",
      help: "Shows what counts, with defaults, and where each value is from",
    },
    {
      name: "--secrets",
      help: "Shows secrets, and not marks in their place",
    },
    {
      name: "--revision",
      type: "number",
      help: "An earlier state",
      default: "the newest",
    },
    ID,
  ],
  prepare: (args) => ({
    output: "text",
    run: text(({ services }) =>
      services.configs.text(args.must("id"), {
        effective: args.has("--effective"),
        secrets: args.has("--secrets"),
        revision: args.number("--revision"),
      }), "application/yaml"),
  }),
};

/** Refuses paths that cannot be read or are there twice, and open brackets. */
function checkValues(values: readonly string[], args: Arguments): void {
  const paths = new Set<string>();
  for (const [at, text] of values.entries()) {
    const sign = text.indexOf("=");
    const path = text.slice(0, sign).trim();
    const fault = (message: string) => args.fault(message, "value", at);
    if (path.split(".").includes("")) {
      throw fault(
        `a part of the path "${path}" is empty, wanted one such as worker.pool_size`,
      );
    }
    if (paths.has(path)) throw fault(`${path} is set twice, wanted one value`);
    paths.add(path);
    const [bracket] = /^[[{]/.exec(text.slice(sign + 1).trim()) ?? [];
    // What was meant as a list or as properties was taken for a text.
    if (
      bracket !== undefined && typeof parseOverride(text).value === "string"
    ) {
      throw fault(
        `the value of ${path} begins with ${bracket} and is no JSON, wanted ` +
          `a list such as [a, b], JSON, or a text in double quotes: '${path}="…"'`,
      );
    }
  }
}

const SET: Form = {
  verb: "set",
  brief: "Sets single values of a document",
  parameters: [BASE, ID, {
    name: "value",
    type: "assignment",
    isRequired: true,
    isRepeated: true,
    help:
      "path=value; the value is JSON, a text, or a list of texts such as [a,b]",
  }],
  prepare: (args) => {
    const id = args.must("id");
    const values = args.all("value");
    checkValues(values, args);
    return change(id, (context) => {
      const { configs } = context.services;
      return configs.change(
        id,
        (config) => {
          const schema = configs.schemaOf(id);
          return values.map((value) => readAssignment(value, schema))
            .reduce(setPath, config);
        },
        changeOf(context, args),
      );
    });
  },
};

const UNSET: Form = {
  verb: "unset",
  brief: "Takes single values away: their defaults count again",
  parameters: [BASE, ID, {
    name: "path",
    type: "text",
    isRequired: true,
    isRepeated: true,
    help: "Path of the value, such as worker.pool_size",
  }],
  prepare: (args) => {
    const id = args.must("id");
    const paths = args.all("path").map(readPath);
    return change(id, (context) =>
      context.services.configs.change(
        id,
        (config) => paths.reduce(unsetPath, config),
        changeOf(context, args),
      ));
  },
};

const EDIT: Form = {
  verb: "edit",
  brief: "Opens a document in the editor and takes back what was written",
  parameters: [ID],
  prepare: (args) => ({
    output: "file",
    run: (_input, { services }) => {
      const id = args.must("id");
      const name = `${id}.yml`;
      const { revision } = services.configs.list()
        .find((each) => each.id === id) ?? { revision: 0 };
      return {
        type: "file",
        name,
        mediaType: "application/yaml",
        editedBy: `configs update --revision ${revision} ${id} ${name}`,
        chunks: once(async () =>
          new TextEncoder().encode(await services.configs.text(id))
        ),
      };
    },
  }),
};

const COPY: Form = {
  verb: "copy",
  brief: "Makes a document of another one",
  parameters: [ID, {
    name: "to",
    type: "text",
    isRequired: true,
    help: "Id of the new document",
  }],
  prepare: (args) =>
    change(
      args.must("to"),
      ({ services, caller }) =>
        services.configs.copy(args.must("id"), args.must("to"), caller.subject),
    ),
};

const UPDATE: Form = {
  verb: "update",
  brief: "Sets a whole document to what a file says",
  parameters: [BASE, ID, FILE],
  prepare: (args) => ({
    ...change(
      args.must("id"),
      async (context) =>
        await context.services.configs.put(
          args.must("id"),
          await fileText(context, args.must("file")),
          changeOf(context, args),
        ),
    ),
    files: [args.must("file")],
  }),
};

const VALIDATE: Form = {
  verb: "validate",
  brief: "Says whether a document could be what a file says, and sets nothing",
  parameters: [ID, FILE],
  prepare: (args) => ({
    output: "text",
    files: [args.must("file")],
    run: text(async (context) => {
      const id = args.must("id");
      const content = await fileText(context, args.must("file"));
      const { configs } = context.services;
      const notes = await configs.validate(id, content, context.signal);
      for (const note of notes) {
        context.note({ type: "message", level: "warning", text: note });
      }
      return `${id} may be what ${args.must("file")} says\n`;
    }),
  }),
};

const DELETE: Form = {
  verb: "delete",
  brief: "Deletes a document: its defaults count again. Its history stays",
  parameters: [BASE, ID],
  prepare: (args) => ({
    output: "text",
    isChange: true,
    run: text(async (context) => {
      const id = args.must("id");
      const { configs } = context.services;
      const wasSet = await configs.remove(id, changeOf(context, args));
      return `${id} ${wasSet ? "was deleted" : "was not set"}\n`;
    }),
  }),
};

const HISTORY: Form = {
  verb: "history",
  brief: "Lists the revisions of a document, the newest first",
  parameters: [ID],
  prepare: (args) => ({
    output: "elements",
    run: records(({ services }) => services.configs.history(args.must("id"))),
  }),
};

const ROLLBACK: Form = {
  verb: "rollback",
  brief: "Sets a document to what it was in a revision",
  parameters: [ID, {
    name: "revision",
    type: "number",
    isRequired: true,
    help: "Number of the revision; configs history lists them",
  }],
  prepare: (args) =>
    change(args.must("id"), (context) =>
      context.services.configs.rollback(
        args.must("id"),
        args.number("revision") ?? 0,
        { by: context.caller.subject, signal: context.signal },
      )),
};

/** The documents of the configuration. */
export const CONFIGS: Command = {
  name: "configs",
  aliases: ["config"],
  group: "setup",
  brief: "Shows and changes the configuration",
  description: [
    "A document is YAML. What is not set in it has a default, which is shown as",
    "a comment and may change with a later version.",
    "",
    "`skymap.core` says how core works, `skymap.worker` what is collected, with a",
    "section for each plugin, `skymap.metrics` what is measured and",
    "`skymap.commands` holds commands of your own. A document of any other id is",
    "yours: it may hold anything, and nothing reads it.",
    "",
    "Secrets are shown as marks. A mark that is written back stands for the",
    "secret it was shown for. Better is a reference to the environment of the",
    "worker, `$(SKYMAP_MY_TOKEN)`: the secret itself is then kept nowhere else.",
  ].join("\n"),
  position: "source",
  forms: [
    LIST,
    SHOW,
    SET,
    UNSET,
    EDIT,
    COPY,
    UPDATE,
    VALIDATE,
    DELETE,
    HISTORY,
    ROLLBACK,
  ],
  examples: [
    { line: "configs list", says: "Lists the documents" },
    {
      line: "configs show skymap.worker",
      says: "Shows what is collected, and what could be set",
    },
    {
      line: "configs show --effective skymap.core",
      says: "Shows what counts, and where each value is from",
    },
    {
      line: "configs set skymap.worker worker.pool_size=8",
      says: "Collects eight accounts side by side, from the next collect on",
    },
    {
      line: "configs unset skymap.worker worker.pool_size",
      says: "Lets the default count again",
    },
    {
      line: "configs history skymap.worker",
      says: "Lists who changed it, and when",
    },
    {
      line: "configs rollback skymap.worker 1",
      says: "Sets it to what it was first",
    },
    {
      line: "configs edit skymap.worker",
      says: "Opens it in the editor",
    },
    {
      line: "configs validate skymap.worker worker.yml",
      says: "Says whether it could be what a file says",
    },
    {
      line: "configs update skymap.worker worker.yml",
      says: "Sets it to what the file says",
    },
    {
      line: "configs copy skymap.worker my.worker",
      says: "Keeps a copy that nothing reads",
    },
    { line: "configs delete my.worker", says: "Deletes the copy" },
  ],
};
