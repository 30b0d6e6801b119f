import { deepStrictEqual } from "node:assert/strict";
import { editorCommand, pagerCommand } from "./programs.ts";

function env(variables: Readonly<Record<string, string>>) {
  return (name: string) => variables[name];
}

Deno.test("pagerCommand() is what the environment names, or less", () => {
  deepStrictEqual(pagerCommand(env({})), ["less"]);
  deepStrictEqual(pagerCommand(env({ PAGER: "more -s" })), ["more", "-s"]);
  deepStrictEqual(pagerCommand(env({ PAGER: "" })), []);
  deepStrictEqual(pagerCommand(env({ PAGER: " cat " })), []);
});

Deno.test("editorCommand() is the visual one, else the editor, else vi", () => {
  deepStrictEqual(editorCommand(env({})), ["vi"]);
  deepStrictEqual(editorCommand(env({ EDITOR: "nano", VISUAL: "" })), ["nano"]);
  deepStrictEqual(
    editorCommand(env({ EDITOR: "nano", VISUAL: "code --wait" })),
    ["code", "--wait"],
  );
});
