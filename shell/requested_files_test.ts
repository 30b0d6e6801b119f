import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import { readRequested, requestedNames } from "./requested_files.ts";

Deno.test("requestedNames() reads what core asks for", () => {
  const asked = (files: unknown) =>
    new SkymapError("files_required", "Cannot run", { details: { files } });
  deepStrictEqual(requestedNames(asked(["a.yaml"])), ["a.yaml"]);
  strictEqual(requestedNames(asked("a.yaml")), undefined);
  strictEqual(requestedNames(new SkymapError("usage", "Cannot")), undefined);
  strictEqual(requestedNames(new Error("x")), undefined);
});

Deno.test("readRequested() reads files that the line names, and no other", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "a: 1");
    const line = `configs update x ${path}`;
    const files = await readRequested(line, [path]);
    strictEqual(await files.get(path)?.text(), "a: 1");
    await rejects(
      readRequested(line, ["/etc/passwd"]),
      (error) => isSkymapError(error, "permission_denied"),
    );
    // A part of a word is none.
    for (const name of ["", path.slice(0, -1), "date"]) {
      await rejects(
        readRequested(line, [name]),
        (error) => isSkymapError(error, "permission_denied"),
        name,
      );
    }
    const quoted = await readRequested(`configs update x "${path}"|echo`, [
      path,
    ]);
    strictEqual(quoted.size, 1);
    await rejects(
      readRequested(line, [path], 3),
      (error) => isSkymapError(error, "usage"),
    );
    await rejects(
      readRequested("configs update x /dev/zero", ["/dev/zero"], 1000),
      (error) => isSkymapError(error, "usage"),
    );
    const odd = `${path} "it's"`;
    await Deno.rename(path, odd);
    for (const word of [`"${path} \\"it's\\""`, `'${path} "it\\'s"'`]) {
      strictEqual((await readRequested(`jobs ${word}`, [odd])).size, 1);
    }
    await Deno.rename(odd, path);
    await rejects(
      readRequested("configs update x nowhere.yaml", ["nowhere.yaml"]),
      (error) => isSkymapError(error, "not_found"),
    );
  } finally {
    await Deno.remove(path);
  }
});
