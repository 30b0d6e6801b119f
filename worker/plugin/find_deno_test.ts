import { rejects, strictEqual } from "node:assert/strict";
import { findBesideBinary, findDeno } from "./find_deno.ts";

Deno.test("findDeno() is the Deno that runs, but for a compiled binary", async () => {
  strictEqual(
    await findDeno({ standalone: false, execPath: "/x/deno", path: "" }),
    "/x/deno",
  );
});

Deno.test("findDeno() looks beside a compiled binary, then on the PATH", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const search = {
      standalone: true,
      execPath: `${folder}/bin/skymap`,
      path: `:${folder}/none:${folder}/path/`,
    };
    await Deno.mkdir(`${folder}/bin`);
    await Deno.mkdir(`${folder}/path`);
    await rejects(findDeno(search), {
      code: "plugin_unreachable",
      message: /no "deno" beside it \(.*\/bin\/\) or on PATH; wanted Deno/,
    });
    await Deno.writeTextFile(`${folder}/path/deno`, "");
    strictEqual(await findDeno(search), `${folder}/path/deno`);
    await Deno.writeTextFile(`${folder}/bin/deno`, "");
    strictEqual(await findDeno(search), `${folder}/bin/deno`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("findBesideBinary() finds the files of a distribution, or says what is missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await rejects(findBesideBinary(`${folder}/skymap`), {
      code: "plugin_unreachable",
      message: /\/app\/ does not hold the files of plugins; wanted the folder/,
    });
    await Deno.mkdir(`${folder}/app`);
    await Deno.writeTextFile(`${folder}/app/runner.js`, "");
    strictEqual(
      await findBesideBinary(`${folder}/skymap`),
      `file://${folder}/app/runner.js`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
