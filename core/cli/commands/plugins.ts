/**
 * The command `plugins`.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { PluginJson, PluginSummaryJson } from "@skymap/lib/client";
import type { Command, Form, Parameter, Stage } from "../command.ts";
import type { LineContext } from "../line_context.ts";
import { runPluginCommand } from "../plugin_commands/run_plugin_command.ts";
import { recordFlow } from "../record_flow.ts";
import { toldText } from "../told_text.ts";

const NAME: Parameter = {
  name: "name",
  type: "plugin",
  isRequired: true,
  help: "Name of the plugin",
};

const NAME_VERSION: Parameter = {
  ...NAME,
  help: "Name of the plugin; NAME@VERSION means one version",
};

function readVersion(text: string): [name: string, version?: string] {
  const at = text.indexOf("@");
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function summary(plugin: PluginSummaryJson): object {
  const { name, active, enabled, source, cloud, reason, versions } = plugin;
  const waiting = versions.filter(({ state }) => state === "waiting")
    .map(({ version }) => version);
  return {
    name,
    version: active ?? null,
    enabled,
    source: source ?? "published",
    cloud,
    ...(waiting.length > 0 && { waiting }),
    ...(reason !== undefined && { reason }),
  };
}

const LIST: Form = {
  verb: "list",
  brief: "Lists the plugins, what runs of them and what waits for approval",
  parameters: [],
  prepare: () => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(() => services.plugins.list().map(summary)),
  }),
};

const SHOW: Form = {
  verb: "show",
  brief: "Shows all that is known of a plugin",
  parameters: [NAME],
  prepare: (args) => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(() => [services.plugins.get(args.must("name"))]),
  }),
};

const AUDIT: Form = {
  verb: "audit",
  brief: "Lists what a plugin reached for and was done to it, the newest first",
  parameters: [{
    name: "--limit",
    type: "number",
    help: "Lines at most",
    default: "100",
  }, NAME],
  prepare: (args) => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(() =>
        services.plugins.audit(
          args.must("name"),
          args.number("--limit") ?? 100,
        )
      ),
  }),
};

/** A change of a plugin that says which version runs then. */
function change(
  make: (context: LineContext) => Promise<PluginJson>,
): Stage {
  return {
    output: "text",
    isChange: true,
    run: (_input, context) =>
      toldText(async () => {
        const { name, active, enabled } = await make(context);
        return enabled
          ? `Plugin ${name} ${active} runs`
          : `Plugin ${name} does not run any more`;
      }),
  };
}

const ENABLE: Form = {
  verb: "enable",
  brief: "Lets a plugin run that was approved",
  parameters: [NAME_VERSION],
  prepare: (args) =>
    change(({ services, caller }) => {
      const [name, version] = readVersion(args.must("name"));
      return services.plugins.enable(name, version, caller.subject);
    }),
};

const DISABLE: Form = {
  verb: "disable",
  brief: "Stops a plugin from running; what has begun goes on to its end",
  parameters: [NAME],
  prepare: (args) =>
    change(({ services, caller }) =>
      services.plugins.disable(args.must("name"), caller.subject)
    ),
};

const ROLLBACK: Form = {
  verb: "rollback",
  brief: "Lets the version run that was active before",
  parameters: [NAME],
  prepare: (args) =>
    change(({ services, caller }) =>
      services.plugins.rollback(args.must("name"), caller.subject)
    ),
};

const REMOVE: Form = {
  verb: "remove",
  brief: "Removes a plugin that was added, or one version of it",
  parameters: [{
    name: "--force",
    help: "It is meant; without it the line says what would go",
  }, NAME_VERSION],
  prepare: (args) => ({
    output: "text",
    isChange: true,
    run: (_input, { services, caller }) =>
      toldText(async () => {
        const [name, version] = readVersion(args.must("name"));
        const versions = services.plugins.get(name).versions
          .filter(({ source }) => source === "published")
          .map((each) => each.version)
          .filter((each) => version === undefined || each === version);
        const what = versions.length === 1
          ? `version ${versions[0]}`
          : `${versions.length} versions (${versions.join(", ")})`;
        if (!args.has("--force") && versions.length > 0) {
          throw new SkymapError(
            "usage",
            `Cannot remove plugin "${name}": ${what} and its approval would ` +
              `be lost, wanted "plugins remove --force ${args.must("name")}"`,
          );
        }
        await services.plugins.remove(name, version, caller.subject);
        return `Plugin ${name}: ${what} was removed`;
      }),
  }),
};

const RUN: Form = {
  verb: "run",
  brief: "Runs a command of a plugin on a worker",
  parameters: [
    NAME,
    {
      name: "command",
      type: "text",
      isRequired: true,
      help: "Name of its command",
    },
    {
      name: "words",
      isRest: true,
      help: "What the command is given",
    },
  ],
  prepare: (args) => ({
    output: "elements",
    isChange: true,
    run: (input, context) =>
      runPluginCommand(
        {
          plugin: args.must("name"),
          command: args.must("command"),
          words: args.get("words") ?? "",
        },
        input,
        context,
      ),
  }),
};

/** Plugins: what runs, what each did, their commands. */
export const PLUGINS: Command = {
  name: "plugins",
  aliases: ["plugin"],
  group: "setup",
  brief: "Shows and switches plugins, and runs their commands",
  description:
    `A plugin runs in the version that was approved, and nothing else of it does. New
ones are added and approved by \`skymap plugin\` outside of this command line, as that
shows what they ask for.

Commands of plugins that run are commands of this line too, by their own name; where
another command has the name, and always, as \`PLUGIN.COMMAND\`. \`run\` behind a \`|\`
gives a command what comes.`,
  position: "either",
  forms: [LIST, SHOW, AUDIT, ENABLE, DISABLE, ROLLBACK, REMOVE, RUN],
  examples: [
    {
      line: "plugins list",
      says: "Lists the plugins and what runs of them",
    },
    { line: "plugins show demo", says: "Shows all that is known of one" },
    { line: "plugins audit demo", says: "Lists what it reached for" },
    { line: "plugins disable demo", says: "Stops it from running" },
    { line: "plugins enable demo", says: "Lets it run again" },
    {
      line: "plugins rollback fruit",
      says: "Lets the version run that ran before",
      needs: "a plugin that was added",
    },
    {
      line: "plugins remove --force fruit",
      says: "Removes all that was added of it",
      needs: "a plugin that was added",
    },
    {
      line: "search is(instance) | plugins run fruit peel --fast",
      says: "Gives each instance to a command of a plugin",
      needs: "a worker with this plugin",
    },
  ],
};
