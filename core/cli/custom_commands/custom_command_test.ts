import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { CustomCommand } from "../../config/commands_document.ts";
import { COMMANDS_SCHEMA } from "../../config/commands_document.ts";
import {
  runTestLine,
  type TestLineOptions,
  testZoo,
  zooService,
} from "../_test_line.ts";
import { ALL_COMMANDS } from "../all_commands.ts";
import { customCommands } from "./custom_command.ts";
import { SHIPPED_COMMANDS } from "./shipped_commands.ts";

type Written = Partial<CustomCommand> & Pick<CustomCommand, "template">;

/** Commands as somebody writes them into the configuration. */
function written(
  commands: Readonly<Record<string, Written>>,
): readonly CustomCommand[] {
  return COMMANDS_SCHEMA.parse({
    custom_commands: {
      commands: Object.entries(commands).map(([name, command]) => ({
        name,
        info: `Is ${name}`,
        ...command,
      })),
    },
  }).custom_commands.commands;
}

async function run(
  line: string,
  commands: Readonly<Record<string, Written>>,
): Promise<string> {
  await using zoo = await testZoo();
  const options: TestLineOptions = {
    graph: zooService(zoo),
    commands: customCommands(written(commands)),
  };
  return (await runTestLine(line, options)).text;
}

const GREET: Written = {
  template: "jq --no-rewrite '{{greeting}} + \" \" + .reported.name + {{end}}'",
  parameters: [
    { name: "greeting", description: "First word" },
    { name: "end", description: "", default: "!" },
  ],
};

Deno.test("a custom command stands for the stages of its template", async () => {
  strictEqual(
    await run(
      "search is(zoo_cat) | sort name | first --count 2 | greet --greeting 'Hi ho'",
      {
        greet: GREET,
        first: {
          template: "head {{count}}",
          parameters: [{ name: "count", description: "" }],
        },
      },
    ),
    "Hi ho Ada!\nHi ho Bo!\n",
  );
});

Deno.test("a custom command takes --name value, --name=value and name=value", async () => {
  for (
    const words of [
      "--greeting Hi --end '?'",
      "--greeting=Hi --end=?",
      "greeting=Hi end=?",
      'end="?" --greeting Hi',
    ]
  ) {
    strictEqual(
      await run(`search is(zoo_cat) and name = Ada | greet ${words}`, {
        greet: GREET,
      }),
      "Hi Ada?\n",
      words,
    );
  }
});

Deno.test("a custom command takes {{args}}, as they were written", async () => {
  const commands = {
    find: {
      template: "search is(zoo_cat) and {{args}}",
      allowed_in_source_position: true,
    },
  };
  match(await run('find name = "Ada"', commands), /name=Ada/);
  match(
    await run(
      "find name in [Bo, Cy] | jq --no-rewrite .reported.name",
      commands,
    ),
    /Bo\nCy/,
  );
});

Deno.test("a custom command names what is missing, and what is none of its parameters", async () => {
  for (
    const [words, problem] of [
      ["", /"--greeting" \(First word\) is missing/],
      ["--end x", /"--greeting" \(First word\) is missing/],
      [
        "greeting=a greetin=b",
        /no parameter "greetin", wanted greeting, end.*greeting/,
      ],
      ["--greeting a greeting=b", /"greeting" is given twice/],
      ["--nothing a", /no option "--nothing", wanted --greeting, --end/],
      ["loose", /wanted name=value/],
    ] as const
  ) {
    await rejects(
      run(`search all | greet ${words}`, { greet: GREET }),
      (error: Error & { readonly code?: string }) => {
        strictEqual(error.code, "usage");
        match(error.message, problem, words);
        match(error.message, /Cannot run "greet" at column \d+/);
        return true;
      },
    );
  }
});

Deno.test("an error within a template shows the call and what it stands for", async () => {
  await rejects(
    run("search all | broken", { broken: { template: "head -x | tail" } }),
    (error: Error) => {
      match(error.message, /Cannot run "head" at column 14/);
      match(
        error.message,
        /search all \| broken\n {15}\^\nwhich stands for\n {2}-x\n/,
      );
      return true;
    },
  );
  for (
    const [template, problem] of [
      ["head 'x", /the line that it stands for is none: .*no end/s],
      ["head 1; tail 1", /stands for several lines/],
      ["graph=x head 1", /stands for several lines or for variables/],
      [
        "head {{args.wrong}}",
        /its template cannot be filled: "wrong" is unknown, wanted from_now/,
      ],
      ["loop", /stands for a line that calls it: loop → loop/],
      ["other", /loop → other → loop/],
    ] as const
  ) {
    await rejects(
      run("search all | loop", {
        loop: { template },
        other: { template: "loop" },
      }),
      problem,
      template,
    );
  }
});

Deno.test("a custom command stands first only where it may", async () => {
  await rejects(run("greet --greeting a", { greet: GREET }), /stands first/);
  strictEqual(
    await run("hello", {
      hello: { template: "echo hello", allowed_in_source_position: true },
    }),
    "hello\n",
  );
});

Deno.test("customCommands() takes the one of the configuration, and never one of core", async () => {
  const own = written({ slack: { template: "head 1" } });
  const [slack, ...more] = customCommands(own, SHIPPED_COMMANDS)
    .filter(({ name }) => name === "slack");
  strictEqual(more.length, 0);
  strictEqual(slack?.brief, "Is slack");
  match(
    await run("echo from core", {
      echo: { template: "jq null", allowed_in_source_position: true },
    }),
    /from core/,
  );
});

Deno.test("shipped commands fit their schema, and no name of core", () => {
  const names = new Set(
    ALL_COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
  );
  const commands = SHIPPED_COMMANDS.map(({ examples, ...command }) => {
    strictEqual(examples.length > 0, true, command.name);
    return command;
  });
  deepStrictEqual(
    COMMANDS_SCHEMA.parse({ custom_commands: { commands } }).custom_commands
      .commands,
    commands,
  );
  for (const { name } of SHIPPED_COMMANDS) strictEqual(names.has(name), false);
});

Deno.test("help of a custom command says what it is and takes", () => {
  const [command] = customCommands(written({
    greet: { ...GREET, info: "Greets", description: "Every *cat*." },
  }));
  strictEqual(command?.brief, "Greets");
  match(
    command.description,
    /^Every \*cat\*\.\n\nIt stands for this line:\n\n```\njq/,
  );
  deepStrictEqual(
    command.forms[0]?.parameters.map(({ name, help, default: value }) => [
      name,
      help,
      value,
    ]),
    [
      ["--greeting", "First word (must be given)", undefined],
      ["--end", "Value of end", "!"],
      ["name=value", "The same as --name value", undefined],
    ],
  );
});

Deno.test("COMMANDS_SCHEMA refuses what could not be called", () => {
  for (
    const [command, path] of [
      [{ name: "Bad Name" }, "custom_commands.commands.0.name"],
      [{ template: "" }, "custom_commands.commands.0.template"],
      [{ template: "head {{" }, "custom_commands.commands.0.template"],
      [{ template: "head {{n}}" }, "custom_commands.commands.0.template"],
      [
        { parameters: [{ name: "a-b" }] },
        "custom_commands.commands.0.parameters.0.name",
      ],
      [
        { parameters: [{ name: "args" }] },
        "custom_commands.commands.0.parameters.0.name",
      ],
      [
        { parameters: [{ name: "a" }, { name: "a" }] },
        "custom_commands.commands.0.parameters.1.name",
      ],
      [{ unknown: 1 }, "custom_commands.commands.0"],
    ] as const
  ) {
    const { error } = COMMANDS_SCHEMA.safeParse({
      custom_commands: {
        commands: [{ name: "x", info: "X", template: "head", ...command }],
      },
    });
    deepStrictEqual(error?.issues.map((issue) => issue.path.join(".")), [path]);
  }
  const { error } = COMMANDS_SCHEMA.safeParse({
    custom_commands: {
      commands: [1, 2].map(() => ({ name: "x", info: "X", template: "head" })),
    },
  });
  deepStrictEqual(error?.issues.map((issue) => issue.path.join(".")), [
    "custom_commands.commands.1.name",
  ]);
});

Deno.test("a command says how it is called when something is missing", async () => {
  await rejects(
    run("search is(zoo_cat) | greet", { greet: GREET }),
    /"--greeting" \(First word\) is missing, wanted greet --greeting GREETING\n/,
  );
});

Deno.test("a command points at the parameter that it does not have", async () => {
  for (
    const [words, column] of [
      ["greeting=x edn=y", 39],
      ["greeting=x end=y end=z", 45],
    ] as const
  ) {
    await rejects(
      run(`search is(zoo_cat) | greet ${words}`, { greet: GREET }),
      new RegExp(`^SkymapError: Cannot run "greet" at column ${column}:`),
    );
  }
});
