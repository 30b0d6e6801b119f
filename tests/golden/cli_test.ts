import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type DemoCore, openDemoCore } from "./_demo_core.ts";
import { type GoldenBlock, printGolden, readGolden } from "./_golden_file.ts";
import { runBlock } from "./_golden_run.ts";

const FOLDER = new URL("cli/", import.meta.url);
const FILES = new URL("files/", import.meta.url);

/** Whether the files are written anew. */
const UPDATES = Deno.env.get("UPDATE_GOLDEN") === "1";

async function namesIn(folder: URL): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
}

/** Files that lines may read. */
async function files(): Promise<Map<string, Blob>> {
  const found = new Map<string, Blob>();
  for (const name of await namesIn(FILES)) {
    found.set(name, new Blob([await Deno.readFile(new URL(name, FILES))]));
  }
  return found;
}

/** Whether any of the lines leaves something behind. */
async function changes(
  { commandLine, request }: DemoCore,
  blocks: readonly GoldenBlock[],
): Promise<boolean> {
  for (const { line } of blocks) {
    try {
      const lines = await commandLine.prepare(line, request());
      const stages = lines.flatMap((each) => each.stages);
      // What `http` changes lies elsewhere.
      const isChange = stages.some(({ stage, command }) =>
        stage.isChange === true && command.name !== "http"
      );
      if (isChange) return true;
    } catch {
      // A line that cannot run changes nothing.
    }
  }
  return false;
}

let shared: DemoCore;
Deno.test.beforeAll(async () => {
  shared = await openDemoCore();
});
Deno.test.afterAll(async () => {
  await shared[Symbol.asyncDispose]();
});

/** Every line of every file. */
const lines = new Set<string>();

for (const name of await namesIn(FOLDER)) {
  Deno.test(`lines of ${name} give what they gave`, async (t) => {
    const url = new URL(name, FOLDER);
    const text = await Deno.readTextFile(url);
    const blocks = readGolden(text);
    if (!UPDATES) strictEqual(printGolden(blocks), text, "how it is written");
    for (const { line } of blocks) lines.add(line);
    await using own = await changes(shared, blocks)
      ? await openDemoCore()
      : undefined;
    const core = own ?? shared;
    const known = await files();
    const now: GoldenBlock[] = [];
    for (const block of blocks) {
      await t.step(block.line.replaceAll("\n", " "), async () => {
        const output = await runBlock(core, block, known);
        now.push({ ...block, output });
        if (!UPDATES) strictEqual(output, block.output);
      });
    }
    if (UPDATES) await Deno.writeTextFile(url, printGolden(now));
  });
}

Deno.test("there are golden lines of every command, and its help", () => {
  const texts = [...lines];
  strictEqual(texts.length >= 120, true, `only ${texts.length} lines`);
  const missing = shared.commandLine.commands().all.flatMap(({ name }) => [
    ...(lines.has(`help ${name}`) ? [] : [`help ${name}`]),
    ...(texts.some((line) =>
        new RegExp(`(?:^|[ =;])${name}(?: |$)`, "m").test(line) &&
        !line.startsWith("help ")
      )
      ? []
      : [name]),
  ]);
  deepStrictEqual(missing, []);
});
