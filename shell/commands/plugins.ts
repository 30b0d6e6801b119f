/**
 * `plugins`: what runs, what each did, and their commands.
 *
 * @module
 */

import {
  type PluginAuditJson,
  PluginClient,
  type PluginSummaryJson,
  unwrap,
} from "@skymap/lib/client";
import {
  type Command,
  firstWord,
  type LineContext,
  usageError,
} from "./command.ts";
import { renderValue } from "../render.ts";

function summaryLine(plugin: PluginSummaryJson): string {
  const { name, active, enabled, source, cloud, reason, versions } = plugin;
  const waiting = versions.filter(({ state }) => state === "waiting")
    .map(({ version }) => version);
  return [
    `name=${name}`,
    `version=${active ?? "none"}`,
    `enabled=${enabled}`,
    `source=${source ?? "published"}`,
    `cloud=${cloud}`,
    ...(waiting.length === 0 ? [] : [`waiting=${waiting.join(" ")}`]),
    ...(reason === undefined ? [] : [`reason=${reason}`]),
  ].join(", ");
}

function auditLine(entry: PluginAuditJson): string {
  return Object.entries(entry)
    .map(([name, value]) => `${name}=${renderValue(value)}`).join(", ");
}

async function plugins(rest: string, context: LineContext): Promise<void> {
  const { json, print, signal } = context;
  const client = new PluginClient(context.client);
  const [verb, more] = firstWord(rest);
  const [word, words] = firstWord(more);
  const [name = "", version] = word.split("@");
  if (verb === "" || verb === "list" && name === "") {
    for (const each of unwrap(await client.list())) {
      print(json ? JSON.stringify(each) : summaryLine(each));
    }
  } else if (verb === "run" && words !== "") {
    const [command, args] = firstWord(words);
    const request = { args: args === "" ? [] : args.split(/\s+/) };
    const values = unwrap(
      await client.command(name, command, request, signal),
    );
    for (const value of values) {
      print(json ? JSON.stringify(value) : renderValue(value));
    }
  } else if (name === "" || words !== "") {
    throw usageError(`plugins ${rest}`, PLUGINS);
  } else if (verb === "show") {
    const plugin = unwrap(await client.get(name));
    print(JSON.stringify(plugin, null, json ? 0 : 2));
  } else if (verb === "audit") {
    for (const entry of unwrap(await client.audit(name))) {
      print(json ? JSON.stringify(entry) : auditLine(entry));
    }
  } else if (verb === "enable") {
    unwrap(await client.enable(name, version));
  } else if (verb === "disable") {
    unwrap(await client.disable(name));
  } else if (verb === "rollback") {
    const { active } = unwrap(await client.rollback(name));
    print(`${name} ${active} runs again`);
  } else if (verb === "remove") {
    unwrap(await client.remove(name, version));
  } else {
    throw usageError(`plugins ${rest}`, PLUGINS);
  }
}

/** Shows plugins, switches them, and runs their commands. */
export const PLUGINS: Command = {
  usage: "plugins [list | show NAME | audit NAME | enable NAME[@VERSION] | " +
    "disable NAME | rollback NAME | remove NAME[@VERSION] | " +
    "run NAME COMMAND [WORDS]]",
  help: "Shows plugins and what they did; add and approve them with " +
    "skymap plugin",
  run: plugins,
};
