import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import { editFile, type EditOptions } from "./edited_file.ts";

const FILE = {
  name: "x.yaml",
  text: "a: 1\n",
  line: "configs update x x.yaml",
};

/** Edits the file with a script of `sed`; gives what was sent and told. */
async function edited(
  script: string,
  faults: number,
  options: Partial<EditOptions> = {},
) {
  const folder = await Deno.makeTempDir();
  const sent: string[] = [];
  const notes: string[] = [];
  const opened: boolean[] = [];
  let modes: readonly number[] = [];
  let error: unknown;
  try {
    await editFile(FILE, {
      editor: ["sed", "-i", script],
      folder: `${folder}/state`,
      note: (text) => notes.push(text),
      onEditor: (isOpen) => opened.push(isOpen),
      askAgain: () => true,
      send: async (line, name, file) => {
        const [place] = await Array.fromAsync(Deno.readDir(`${folder}/state`));
        const { mode } = await Deno.stat(
          `${folder}/state/${place?.name}/x.yaml`,
        );
        modes = [...modes, (mode ?? 0) & 0o777];
        sent.push(`${line}: ${name}: ${await file.text()}`);
        if (sent.length <= faults) {
          throw new SkymapError("config_invalid", "Cannot store: a is wrong");
        }
      },
      ...options,
    });
  } catch (thrown) {
    error = thrown;
  }
  const left = (await Array.fromAsync(Deno.readDir(`${folder}/state`))).length;
  await Deno.remove(folder, { recursive: true });
  return { sent, notes, left, modes, opened, error };
}

Deno.test("editFile() sends what was edited, and leaves nothing behind", async () => {
  deepStrictEqual(await edited("s/1/2/", 0), {
    sent: ["configs update x x.yaml: x.yaml: a: 2\n"],
    notes: [],
    left: 0,
    modes: [0o600],
    opened: [true, false],
    error: undefined,
  });
});

Deno.test("editFile() sends nothing that was not changed", async () => {
  const { sent, notes, left } = await edited("s/3/4/", 0);
  deepStrictEqual([sent, notes, left], [[], ["Nothing was changed"], 0]);
});

Deno.test("editFile() offers to edit again what core refuses", async () => {
  const { sent, left, error } = await edited("s/: /: 1/", 1);
  deepStrictEqual(sent, [
    "configs update x x.yaml: x.yaml: a: 11\n",
    "configs update x x.yaml: x.yaml: a: 111\n",
  ]);
  deepStrictEqual([left, error], [0, undefined]);
});

Deno.test("editFile() keeps what was written when the person gives up", async () => {
  const { notes, left, error } = await edited("s/1/2/", 9, {
    askAgain: () => false,
  });
  strictEqual(left, 1);
  match(notes[0] ?? "", /^What you wrote is kept in .*x\.yaml$/);
  strictEqual(isSkymapError(error, "config_invalid"), true);
});

Deno.test("editFile() takes nothing from an editor that fails or is not there", async () => {
  for (const editor of [["false"], ["no-such-editor"]]) {
    const { sent, left, opened, error } = await edited("", 0, { editor });
    deepStrictEqual([sent, left, opened], [[], 0, [true, false]]);
    strictEqual(isSkymapError(error, "usage"), true, editor[0]);
  }
});

Deno.test("editFile() writes nowhere but into its folder", () =>
  rejects(
    editFile({ ...FILE, name: "../x.yaml" }, {
      editor: ["true"],
      folder: "/tmp/skymap-edit-test",
      note: () => {},
      onEditor: () => {},
      askAgain: () => false,
      send: () => Promise.resolve(),
    }),
    (error) => isSkymapError(error, "permission_denied"),
  ).finally(() => Deno.remove("/tmp/skymap-edit-test", { recursive: true })));
