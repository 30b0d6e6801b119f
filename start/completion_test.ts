import {
  deepStrictEqual,
  match,
  strictEqual,
  throws,
} from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { completionScript } from "./completion.ts";

const MAIN = new URL("../main.ts", import.meta.url).pathname;

/** What bash offers for the last of some words; `skymap` is the real one. */
async function offered(
  ...words: readonly string[]
): Promise<readonly string[]> {
  const { stdout, stderr, success } = await new Deno.Command("bash", {
    args: [
      "--norc",
      "-c",
      `skymap() { "$DENO" run --quiet --no-prompt --allow-env --allow-read --allow-run "$MAIN" "$@"; }
      eval "$SCRIPT"
      COMP_WORDS=(skymap "$@")
      COMP_CWORD=$#
      _skymap
      printf '%s\\n' "\${COMPREPLY[@]}"`,
      "bash",
      ...words,
    ],
    env: {
      DENO: Deno.execPath(),
      MAIN,
      SCRIPT: completionScript("bash"),
    },
  }).output();
  strictEqual(success, true, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n").filter(Boolean);
}

Deno.test("completionScript() lets bash complete roles, commands and flags", async () => {
  deepStrictEqual(await offered("sh"), ["shell"]);
  deepStrictEqual(await offered("completion", ""), ["bash", "zsh", "fish"]);
  deepStrictEqual(await offered("shell", "--fo"), ["--format", "--force"]);
  deepStrictEqual(await offered("plugin", "app"), ["approve"]);
  deepStrictEqual(await offered("plugin", "add", "--heap"), ["--heap-mb"]);
  deepStrictEqual(await offered("shell", "sea"), []);
});

Deno.test("completionScript() names every role in each shell", () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    match(completionScript(shell), /\bcore\b[^]*\bplugin\b/);
  }
  for (const shell of ["csh", undefined, "constructor"]) {
    throws(
      () => completionScript(shell),
      (error) => isSkymapError(error, "usage"),
    );
  }
});

Deno.test("completionScript() is text that bash can read", async () => {
  const { success } = await new Deno.Command("bash", {
    args: ["-n", "-c", completionScript("bash")],
  }).output();
  strictEqual(success, true);
});
