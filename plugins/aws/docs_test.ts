import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { kindsPage } from "./_kinds_page.ts";
import { CONFIG_SCHEMA } from "./settings.ts";

const PAGE = new URL("../../docs/aws-kinds.md", import.meta.url);
const DOCS = new URL("../../docs/aws.md", import.meta.url);

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

Deno.test("docs/aws-kinds.md says what the declarations say", async () => {
  const text = await formatted(kindsPage());
  if (Deno.env.get("UPDATE_GOLDEN") === "1") {
    await Deno.writeTextFile(PAGE, text);
  }
  strictEqual(await Deno.readTextFile(PAGE), text);
});

Deno.test("docs/aws.md names every setting", async () => {
  const text = await Deno.readTextFile(DOCS);
  const names = Object.keys(CONFIG_SCHEMA["properties"] as object);
  deepStrictEqual(names.filter((name) => !text.includes(`\`${name}`)), []);
});
