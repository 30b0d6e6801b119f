import { strictEqual } from "node:assert/strict";
import { FINAL_SNAPSHOT_TAG, finalSnapshot } from "./final_snapshot.ts";

const ITEM = { Created: new Date("2026-01-02T03:04:05.678Z") };

const name = (id: string, item = ITEM as Record<string, unknown>) =>
  finalSnapshot(item, { id, reported: {} }, "Created");

Deno.test("finalSnapshot() names the snapshot after id and age", () => {
  strictEqual(name("orders"), "skymap-final-orders-20260102030405");
  strictEqual(name("Or--ders_1"), "skymap-final-or-ders-1-20260102030405");
  strictEqual(name("orders", {}), "skymap-final-orders");
});

Deno.test("finalSnapshot() makes none when the tag says so", () => {
  for (const said of ["false", "true", ""]) {
    strictEqual(
      finalSnapshot(
        ITEM,
        { id: "orders", reported: { tags: { [FINAL_SNAPSHOT_TAG]: said } } },
        "Created",
      ),
      said === "false" ? undefined : name("orders"),
    );
  }
});
