import { match, ok, strictEqual } from "node:assert/strict";
import { unwrap } from "@skymap/lib/client";
import { findPlaces } from "../../start/places.ts";
import { System, until } from "../helpers/system.ts";
import { hasTmux, Terminal } from "../helpers/terminal.ts";

/** What people start. */
const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Processes that a process has started and that still run. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(parent) === pid && state !== "Z") found.push(Number(name));
  }
  return found;
}

const isHere = await hasTmux();

Deno.test({
  name: "the shell works in a real terminal" +
    (isHere ? "" : " (skipped: this machine has no tmux)"),
  ignore: !isHere,
  async fn(t) {
    await using system = await System.start({
      core: ["--no-scheduling"],
      worker: ["--override", "demo.size=0.1", "--override", "demo.tick=1"],
    });
    const client = await system.client();
    await until("the first run ends", async () => {
      const [first] = unwrap(await client.runs());
      return first?.ended_at !== undefined;
    });
    const home = await Deno.makeTempDir();
    await using _home = {
      [Symbol.asyncDispose]: () => Deno.remove(home, { recursive: true }),
    };
    const editor = `${home}/edit`;
    // At first it writes what core cannot take.
    await Deno.writeTextFile(
      editor,
      `#!/bin/sh
if grep -q ' history_keep: soon' "$1"; then new=90d; else new=soon; fi
exec sed -i "s/^\\( *\\)#*history_keep: .*/\\1history_keep: $new/" "$1"
`,
      { mode: 0o755 },
    );
    await using terminal = await Terminal.start({
      command: [
        Deno.execPath(),
        ...["run", "--quiet", "--no-prompt"],
        ...["--allow-env", "--allow-read", "--allow-run"],
        MAIN,
        "shell",
        ...["--data-dir", system.dataDir, "--core-uri", system.coreUri],
      ],
      env: {
        HOME: home,
        // The modules that this test runs with are there already.
        DENO_DIR: findPlaces("shell", []).cache,
        XDG_STATE_HOME: `${home}/state`,
        EDITOR: editor,
        VISUAL: "",
        PAGER: "less",
        LESS: "R",
      },
    });

    await t.step("it welcomes and waits", async () => {
      await terminal.untilScreen(/Skymap [^]* at http[^]*\n>$/);
    });

    await t.step(
      "Tab completes commands, kinds, properties and values",
      async () => {
        await terminal.type("sea");
        await terminal.press("Tab");
        await terminal.untilScreen(/^> search$/m);
        await terminal.type("is(demo_inst");
        await terminal.press("Tab");
        await terminal.untilScreen(/^> search is\(demo_instance$/m);
        await terminal.type(") and tags.");
        await terminal.press("Tab");
        await terminal.untilScreen(/^tags\.\w+ +tags\.\w+/m);
        await terminal.type("own");
        await terminal.press("Tab");
        await terminal.untilScreen(/and tags\.owner$/m);
        await terminal.type(" = ");
        await terminal.press("Tab");
        await terminal.untilScreen(/^\w+ +\d+ resources?$/m);
        await terminal.press("C-c");
        await terminal.untilScreen(/\n>$/);
      },
    );

    await t.step("a search is run", async () => {
      await terminal.clear();
      await terminal.type("search is(instance) limit 2");
      await terminal.press("Enter");
      const screen = await terminal.untilScreen(/2 elements from \d+ scopes/);
      strictEqual(
        screen.match(/^kind=demo_instance, id=/gm)?.length,
        2,
        screen,
      );
    });

    await t.step("a line that is open goes on in the next", async () => {
      await terminal.clear();
      await terminal.type("search is(account) |");
      await terminal.press("Enter");
      await terminal.untilScreen(/^…$/m);
      await terminal.type("count");
      await terminal.press("Enter");
      await terminal.untilScreen(/total matched: 3/);
    });

    await t.step("a fault has a caret", async () => {
      await terminal.clear();
      await terminal.type("search is(instance) and and");
      await terminal.press("Enter");
      await terminal.untilScreen(/Error: [^]*and and\n +\^\n>$/);
    });

    await t.step("Ctrl-C stops a line, in core too", async () => {
      const { pid } = system.process("core");
      await terminal.clear();
      await terminal.type("search all | jq 'def f: f; f'");
      await terminal.press("Enter");
      const [busy] = await until("core works on it", async () => {
        const children = await childrenOf(pid);
        return children.length > 0 ? children : undefined;
      });
      // Long work says so.
      await terminal.untilScreen(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] \d+s/m);
      await terminal.press("C-c");
      await terminal.untilScreen(/Cancelled\n>$/);
      await until(
        "core does not work on it any more",
        async () => !(await childrenOf(pid)).includes(busy ?? 0),
      );
      strictEqual(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/.test(await terminal.screen()), false);
    });

    await t.step("a long answer is paged, and leaving it ends it", async () => {
      await terminal.clear();
      await terminal.type("search all");
      await terminal.press("Enter");
      await terminal.untilScreen(/^:$/m);
      await terminal.press("Space");
      await terminal.untilScreen(/^:$/m);
      await terminal.press("q");
      await terminal.untilScreen(/\n>$/);
      await terminal.type("search is(account) | count");
      await terminal.press("Enter");
      await terminal.untilScreen(/total matched: 3/);
    });

    await t.step("the history is searched, and gone through", async () => {
      await terminal.clear();
      await terminal.press("C-r");
      await terminal.type("limit 2");
      await terminal.untilScreen(
        /^\(search "limit 2"\) search is\(instance\) limit 2$/m,
      );
      await terminal.press("Enter");
      await terminal.untilScreen(/2 elements from/);
      await terminal.clear();
      await terminal.type("search is(acc");
      await terminal.press("Up");
      await terminal.untilScreen(/^> search is\(account\) \| count$/m);
      await terminal.press("C-c");
      const stored = await Deno.readTextFile(
        `${home}/state/skymap/shell_history`,
      );
      match(stored, /^search is\(account\) \|\\ncount$/m);
    });

    await t.step(
      "a configuration is edited, sent back and counts",
      async () => {
        await terminal.clear();
        await terminal.type("configs edit skymap.core");
        await terminal.press("Enter");
        await terminal.untilScreen(/history_keep[^]*soon[^]*Edit it again\?/);
        await terminal.press("Enter");
        await terminal.untilScreen(/\n>$/);
        const config = await client.fetch("/config/skymap.core" as never);
        match(await config.text(), /"history_keep": ?"90d"/);
        const left = await Array.fromAsync(
          Deno.readDir(`${home}/state/skymap`),
        );
        ok(left.every(({ name }) => name === "shell_history"));
      },
    );

    await t.step("a narrow terminal breaks lines where it has to", async () => {
      await terminal.clear();
      await terminal.resize(30, 20);
      await terminal.type("search is(instance) and tags.owner = ada limit 1");
      await terminal.untilScreen(
        /^> search is\(instance\) and tags\n\.owner = ada limit 1$/m,
      );
      await terminal.press("C-a");
      await terminal.type("count=true ");
      await terminal.untilScreen(
        /^> count=true search is\(instanc\ne\) and tags/m,
      );
      await terminal.press("Enter");
      await terminal.untilScreen(/of \d+ elements/);
    });

    await t.step(
      "a line that is higher than the terminal shows where it is typed",
      async () => {
        await terminal.resize(40, 8);
        await terminal.type(`echo ${"many words ".repeat(40)}end`);
        await terminal.untilScreen(/words end$/);
        await terminal.press("C-a");
        await terminal.untilScreen(/^> echo many[^]*many[^]*words/);
        await terminal.resize(100, 24);
        await terminal.untilScreen(/^> echo many[^]*words end$/m);
        await terminal.press("C-c");
        await terminal.untilScreen(/\n>$/);
      },
    );

    await t.step("quit ends it", async () => {
      await terminal.type("quit");
      await terminal.press("Enter");
      await terminal.untilScreen(/ended with 0/);
    });
  },
});
