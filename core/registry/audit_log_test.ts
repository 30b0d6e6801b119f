import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { PluginAccessJson } from "@skymap/lib/client";
import { openTestDatabase } from "../db/test_database.ts";
import { AuditLog } from "./audit_log.ts";
import { WriteBatch } from "./write_batch.ts";

const { db: { system: db } } = await openTestDatabase();

function at(minute: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
}

function access(
  value: string,
  minute: number,
  more: Partial<PluginAccessJson> = {},
): PluginAccessJson {
  return {
    plugin: "fruit",
    version: "1.0.0",
    phase: "collect",
    account: "1",
    permission: "net",
    value,
    allowed: true,
    count: 1,
    first_at: at(minute),
    last_at: at(minute),
    ...more,
  };
}

Deno.test("AuditLog counts the same access as one entry", async () => {
  await db.query("DELETE plugin_audit");
  const log = new AuditLog(db);
  await log.record([access("a:443", 1, { count: 3 })], "w1");
  await log.record(
    [
      access("a:443", 2, { count: 4 }),
      access("b:443", 3, { allowed: false }),
      access("a:443", 1, { account: "2" }),
    ],
    "w2",
  );
  const [denied, again, other] = await log.list("fruit", 10);
  deepStrictEqual(
    [denied?.value, denied?.allowed, denied?.by],
    ["b:443", false, "w2"],
  );
  deepStrictEqual(again, {
    event: "access",
    by: "w2",
    plugin: "fruit",
    version: "1.0.0",
    phase: "collect",
    account: "1",
    permission: "net",
    value: "a:443",
    allowed: true,
    count: 7,
    first_at: at(1),
    at: at(2),
  });
  deepStrictEqual([other?.account, other?.count], ["2", 1]);
  deepStrictEqual(
    (await log.list("fruit", 10, { denied: true })).map(({ value }) => value),
    ["b:443"],
  );
});

Deno.test("AuditLog keeps the newest entries, and a flood of accesses costs no event", async () => {
  await db.query("DELETE plugin_audit");
  const log = new AuditLog(db, { accesses: 5, events: 2 });
  for (let minute = 0; minute < 3; minute++) {
    const batch = new WriteBatch();
    log.add(
      batch,
      { plugin: "fruit", event: "enabled", by: `o${minute}` },
      new Date(at(minute)),
    );
    await batch.run(db);
  }
  await log.prune("fruit", "events");
  await log.record(
    Array.from({ length: 20 }, (_, minute) => access(`${minute}`, minute)),
    "w",
  );
  await log.record([access("x", 0, { plugin: "other" })], "w");
  const entries = await log.list("fruit", 100);
  deepStrictEqual(
    entries.filter(({ event }) => event === "access").map(({ value }) => value),
    ["19", "18", "17", "16", "15"],
  );
  deepStrictEqual(
    entries.filter(({ event }) => event === "enabled").map(({ by }) => by),
    ["o2", "o1"],
  );
  strictEqual((await log.list("other", 10)).length, 1);
});

Deno.test("AuditLog cuts values that no host or path is as long as", async () => {
  const log = new AuditLog(db);
  await log.record(
    [access("x".repeat(100_000), 1, { plugin: "long" })],
    "w",
  );
  const [entry] = await log.list("long", 1);
  strictEqual(entry?.value?.length, 500);
});
