import assert from "node:assert/strict";
import type { NodePatch } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import { patchStream } from "./patch_stream.ts";

/** Takes every patch; `gone` is no node. */
function updater() {
  const batches: NodePatch[][] = [];
  return {
    batches,
    update: (patches: readonly NodePatch[]) => {
      batches.push([...patches]);
      const ids = patches.map(({ id }) => id);
      return Promise.resolve({
        updated: ids.filter((id) => id !== "gone"),
        unchanged: [],
        missing: ids.filter((id) => id === "gone"),
        skipped: [],
      });
    },
  };
}

function body(...texts: readonly (string | Uint8Array)[]) {
  return ReadableStream.from(
    texts.map((text) =>
      typeof text === "string" ? new TextEncoder().encode(text) : text
    ),
  );
}

Deno.test("patchStream() applies a thousand at a time, in order", async () => {
  const { batches, update } = updater();
  const lines = Array.from(
    { length: 2_300 },
    (_, at) => JSON.stringify({ id: `n${at}`, metadata: { at } }),
  );
  const text = [...lines, "", '{"id":"gone","desired":null}'].join("\n");
  const half = Math.floor(text.length / 2);
  const report = await patchStream(
    body(text.slice(0, half), text.slice(half)),
    update,
  );
  assert.deepEqual(batches.map(({ length }) => length), [1_000, 1_000, 301]);
  assert.deepEqual(batches.flat()[2_299], {
    id: "n2299",
    metadata: { at: 2_299 },
  });
  assert.deepEqual(report, {
    updated: 2_300,
    unchanged: 0,
    missing: 1,
    skipped: 0,
    missing_ids: ["gone"],
    skipped_ids: [],
  });
});

Deno.test("patchStream() ends at a line that cannot be read, and says what was applied", async () => {
  const good = '{"id":"a","desired":{}}\n';
  const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ["{", /^Cannot read line 2 of the patches: it is not JSON/],
    ["[]", /^Cannot read line 2 of the patches: .* wanted an object/],
    ['{"id":"b","reported":{}}', /line 2 .*"reported" cannot be changed/],
    [new Uint8Array([0xff, 0x0a]), /line 2 .*not UTF-8/],
  ];
  for (const [bad, message] of cases) {
    const { batches, update } = updater();
    const failed = await patchStream(body(good, bad), update).catch((error) =>
      error
    );
    assert.ok(isSkymapError(failed, "body_invalid"), String(failed));
    assert.match(failed.message, message);
    assert.equal((failed.details.report as { updated: number }).updated, 1);
    assert.equal(batches.flat().length, 1);
  }
});
