import { deepStrictEqual } from "node:assert/strict";
import { localFiles } from "./local_files.ts";

Deno.test("localFiles() suggests paths as words of a line", async () => {
  const folder = await Deno.makeTempDir();
  await using _folder = {
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
  for (const name of ["plain.yaml", "a b.yaml", "it's", 'say "x"', ".hidden"]) {
    await Deno.writeTextFile(`${folder}/${name}`, "");
  }
  await Deno.mkdir(`${folder}/my folder`);
  await Deno.writeTextFile(`${folder}/my folder/x`, "");
  const cases: readonly [string, readonly string[]][] = [
    [`${folder}/pl`, [`${folder}/plain.yaml`]],
    [`${folder}/a`, [`"${folder}/a b.yaml"`]],
    [`'${folder}/a`, [`'${folder}/a b.yaml'`]],
    [`"${folder}/pl`, [`"${folder}/plain.yaml"`]],
    [`${folder}/it`, [`"${folder}/it's"`]],
    [`'${folder}/it\\'`, [`'${folder}/it\\'s'`]],
    [`${folder}/say`, [`"${folder}/say \\"x\\""`]],
    [`"${folder}/say \\"`, [`"${folder}/say \\"x\\""`]],
    // A folder is gone on with, in the same quote.
    [`${folder}/my`, [`"${folder}/my folder/`]],
    [`"${folder}/my folder/`, [`"${folder}/my folder/x"`]],
    [`${folder}/.h`, [`${folder}/.hidden`]],
    [`${folder}/none/`, []],
  ];
  for (const [typed, wanted] of cases) {
    const found = await localFiles(typed);
    deepStrictEqual(found.map(({ text }) => text), wanted, typed);
  }
  deepStrictEqual((await localFiles(`${folder}/`)).length, 5);
});
