import assert from "node:assert/strict";
import type { Json } from "@skymap/lib/json";
import { contextOf, elements, flowOf, runStage } from "../_test_stage.ts";
import { runTestLine } from "../_test_line.ts";
import { ALL_COMMANDS } from "../all_commands.ts";
import type { Command } from "../command.ts";
import type { CoreServices } from "../core_services.ts";
import { elementsOf } from "../elements_of.ts";
import { pluginCommands } from "./plugin_commands.ts";

type Asked = {
  plugin: string;
  command: string;
  args: readonly string[];
  input: readonly Json[];
};

const HELP = {
  plough: {
    brief: "Ploughs fields",
    words: "FIELD…",
    description: "Turns the soil.",
    examples: [{ line: "plough north", says: "Ploughs in the north" }],
  },
};

/** Services with plugins that run, by name, and their commands. */
function servicesOf(plugins: Readonly<Record<string, readonly string[]>>) {
  const asked: Asked[] = [];
  const services: Partial<CoreServices> = {
    plugins: {
      active: () => ({
        plugins: Object.entries(plugins).map(([name, commands]) => ({
          name,
          manifest: {
            commands,
            description: `Does ${name}`,
            ...(commands.includes("plough") && { commandHelp: HELP }),
          },
        })),
        inactive: [],
      }),
    } as unknown as CoreServices["plugins"],
    pluginCommands: {
      run: (plugin, command, { args, input }) => {
        asked.push({ plugin, command, args, input });
        const error = args.includes("dry")
          ? { code: "task_failed", message: "Cannot water: it is dry" }
          : undefined;
        return Promise.resolve({
          printed: [{ sum: input.length }, "done"],
          messages: [{ level: "warning", text: "it rains" }],
          ...(error !== undefined && { error }),
        });
      },
    },
  };
  return { asked, services };
}

function named(commands: readonly Command[]): readonly (readonly string[])[] {
  return commands.map(({ name, aliases = [] }) => [name, ...aliases]);
}

Deno.test("pluginCommands() gives commands their own name where it is free", () => {
  const { services } = servicesOf({
    garden: ["water", "list", "config"],
    farm: ["water", "plough"],
  });
  assert.deepEqual(
    named(pluginCommands(services as CoreServices, ALL_COMMANDS)),
    [
      ["garden.water"],
      ["garden.list"],
      // An alias of "configs".
      ["garden.config"],
      ["farm.water"],
      ["plough", "farm.plough"],
    ],
  );
});

Deno.test("a command of a plugin gets words and input, and gives what it prints", async () => {
  const { services, asked } = servicesOf({ garden: ["water"] });
  const commands = pluginCommands(services as CoreServices, ALL_COMMANDS);
  const run = (line: string) => runTestLine(line, { services, commands });
  const answer = await run(
    `json [1,2,3] | water --deep "two words" b | format --ndjson`,
  );
  assert.equal(answer.text, '{"sum":3}\n"done"\n');
  await run("garden.water");
  await run("plugins run garden water --all");
  await run("json [4] | plugins run garden water");
  assert.deepEqual(asked, [
    {
      plugin: "garden",
      command: "water",
      args: ["--deep", "two words", "b"],
      input: [1, 2, 3],
    },
    { plugin: "garden", command: "water", args: [], input: [] },
    { plugin: "garden", command: "water", args: ["--all"], input: [] },
    { plugin: "garden", command: "water", args: [], input: [4] },
  ]);
  asked.length = 0;
  assert.equal((await run("json [] | water b")).text, "");
  assert.deepEqual(asked, [], "nothing comes, so nothing is run");
  await assert.rejects(
    runTestLine("water", {
      services,
      commands,
      caller: { subject: "m", role: "metrics" },
    }),
    { code: "permission_denied" },
  );
  assert.match((await run("help water")).text, /Does garden/);
  const farm = servicesOf({ farm: ["plough"] }).services;
  const { text } = await runTestLine("help plough", {
    services: farm,
    commands: pluginCommands(farm as CoreServices, ALL_COMMANDS),
  });
  for (
    const part of [/Ploughs fields/, /FIELD…/, /Turns the soil/, /plough north/]
  ) assert.match(text, part);
});

Deno.test("a command of a plugin gives what it printed before it failed", async () => {
  const { services } = servicesOf({ garden: ["water"] });
  const [water] = pluginCommands(services as CoreServices, []);
  if (water === undefined) throw new TypeError("No command");
  const notes: unknown[] = [];
  const flow = await runStage(
    water,
    "dry",
    undefined,
    contextOf({ services, note: (note) => void notes.push(note) }),
  );
  const values: Json[] = [];
  await assert.rejects(async () => {
    for await (const batch of elementsOf(flow).batches) {
      values.push(...batch.values);
    }
  }, { code: "task_failed", message: "Cannot water: it is dry" });
  assert.deepEqual(values, [{ sum: 0 }, "done"]);
  assert.deepEqual(notes, [
    { type: "message", level: "warning", text: "it rains" },
  ]);
});

Deno.test("a command of a plugin refuses more input than it can hold", async () => {
  const { services, asked } = servicesOf({ garden: ["water"] });
  const [water] = pluginCommands(services as CoreServices, []);
  if (water === undefined) throw new TypeError("No command");
  const many = Array.from({ length: 10_001 }, (_, at) => at);
  const flow = await runStage(
    water,
    "",
    flowOf(many, "records", 1_000),
    contextOf({ services }),
  );
  await assert.rejects(elements(flow), {
    code: "usage",
    message: /^Cannot run "water": more than 10000 elements .* come, wanted/,
  });
  assert.deepEqual(asked, []);
});
