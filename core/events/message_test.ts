import assert from "node:assert/strict";
import { actionMessage } from "./message.ts";

Deno.test("actionMessage() tells when the steps before started, in seconds", () => {
  assert.deepEqual(
    actionMessage("run1", "collect", { collect: 1_700_000_000_500 }),
    {
      kind: "action",
      message_type: "collect",
      data: {
        task: "run1",
        step: "collect",
        timing: { collect: { started_at: 1_700_000_000.5 } },
      },
    },
  );
});
