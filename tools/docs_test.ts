import { deepStrictEqual, ok } from "node:assert/strict";

const root = new URL("..", import.meta.url).pathname;

/** Every file of documentation. */
async function documents(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ["", "docs/", "docs/decisions/"]) {
    for await (const { name } of Deno.readDir(root + folder)) {
      if (name.endsWith(".md")) found.push(folder + name);
    }
  }
  return found;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("documents name only files that exist", async () => {
  const missing: string[] = [];
  let checked = 0;
  for (const document of await documents()) {
    const text = await Deno.readTextFile(root + document);
    const folder = new URL(`file://${root}${document}`);
    const named = [...text.matchAll(/`((?:[\w-]+\/)+[\w.-]+\.ts)`/g)]
      .map((match) => root + match[1]);
    const linked = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => new URL(match[1] ?? "", folder).pathname);
    for (const path of [...named, ...linked]) {
      checked++;
      if (!await exists(path)) missing.push(`${document}: ${path}`);
    }
  }
  deepStrictEqual(missing, []);
  ok(checked > 50, `only ${checked} names were looked at`);
});
