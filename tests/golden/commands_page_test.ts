import { strictEqual } from "node:assert/strict";
import { ALL_COMMANDS } from "../../core/cli/all_commands.ts";
import { customCommands } from "../../core/cli/custom_commands/custom_command.ts";
import { SHIPPED_COMMANDS } from "../../core/cli/custom_commands/shipped_commands.ts";
import { commandsPage } from "./_commands_page.ts";

const PAGE = new URL("../../docs/commands.md", import.meta.url);

/** Markdown as `deno fmt` writes it. */
async function formatted(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", "md", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = new Blob([text]).stream().pipeTo(child.stdin);
  const [{ success, stdout }] = await Promise.all([child.output(), input]);
  strictEqual(success, true);
  return new TextDecoder().decode(stdout);
}

Deno.test("docs/commands.md says what the commands say of themselves", async () => {
  const commands = [...ALL_COMMANDS, ...customCommands(SHIPPED_COMMANDS)];
  const text = await formatted(commandsPage(commands));
  if (Deno.env.get("UPDATE_GOLDEN") === "1") {
    await Deno.writeTextFile(PAGE, text);
  }
  strictEqual(await Deno.readTextFile(PAGE), text);
});
