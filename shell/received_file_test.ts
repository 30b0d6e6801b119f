import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { ReceivedFile, safeName } from "./received_file.ts";

const bytes = new TextEncoder().encode("whole");

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function names(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("safeName() takes no name that leads elsewhere", () => {
  strictEqual(safeName("answer.csv"), "answer.csv");
  strictEqual(safeName("..a b"), "..a b");
  for (const name of ["", ".", "..", "../a", "/etc/passwd", "a\\b", "a\nb"]) {
    throws(
      () => safeName(name),
      (error) => isSkymapError(error, "permission_denied"),
      name,
    );
  }
});

Deno.test("ReceivedFile appears when it is whole", () =>
  inFolder(async (folder) => {
    const place = { folder, isForced: false };
    const file = await ReceivedFile.begin("a.txt", place);
    file.add(bytes);
    strictEqual(names(folder).includes("a.txt"), false);
    await file.end();
    deepStrictEqual(names(folder), ["a.txt"]);
    strictEqual(await Deno.readTextFile(file.path), "whole");
    const cut = await ReceivedFile.begin("b.txt", place);
    cut.add(bytes);
    await cut.cancel();
    deepStrictEqual(names(folder), ["a.txt"]);
  }));

Deno.test("ReceivedFile replaces nothing unless it is told to", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.txt`;
    await Deno.writeTextFile(path, "old");
    const place = { folder, isForced: false };
    await rejects(
      ReceivedFile.begin("a.txt", place),
      (error) => isSkymapError(error, "conflict"),
    );
    const late = await ReceivedFile.begin("b.txt", place);
    await Deno.symlink("/nowhere", `${folder}/b.txt`);
    await rejects(late.end(), (error) => isSkymapError(error, "conflict"));
    deepStrictEqual(names(folder), ["a.txt", "b.txt"]);
    const forced = await ReceivedFile.begin("a.txt", {
      folder,
      isForced: true,
    });
    forced.add(bytes);
    await forced.end();
    strictEqual(await Deno.readTextFile(path), "whole");
  }));

Deno.test("ReceivedFile says which folder cannot take it", () =>
  rejects(
    ReceivedFile.begin("a", { folder: "/nowhere", isForced: false }),
    (error) =>
      isSkymapError(error, "permission_denied") &&
      error.message.includes("--download-dir"),
  ));
