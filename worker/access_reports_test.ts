import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { PluginAccessJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { AccessReports, NOT_KEPT } from "./access_reports.ts";

/** A core that can be away. */
class FakeCore {
  isAway = false;
  readonly told: PluginAccessJson[] = [];
  pages = 0;

  readonly send = (accesses: readonly PluginAccessJson[]): Promise<void> => {
    if (this.isAway) {
      return Promise.reject(
        new SkymapError("core_unreachable", "Cannot reach core"),
      );
    }
    this.pages++;
    this.told.push(...accesses);
    return Promise.resolve();
  };
}

function access(value: string, count = 1) {
  return {
    request: "collect",
    account: "1",
    accesses: [{ permission: "net", value, allowed: true, count }],
    dropped: 0,
  } as const;
}

Deno.test("AccessReports tells a core that was away, with the sum of all counts", async () => {
  const core = new FakeCore();
  let at = 0;
  const now = () => new Date(at);
  const reports = new AccessReports({ send: core.send, now });
  core.isAway = true;
  reports.add("fruit", "1.0.0", access("a:443", 2));
  await reports.flush();
  at = 1_000;
  reports.add("fruit", "1.0.0", access("a:443", 3));
  reports.add("fruit", "1.0.0", access("b:443"));
  await reports.flush();
  strictEqual(reports.size, 2);
  core.isAway = false;
  await reports.flush();
  strictEqual(reports.size, 0);
  deepStrictEqual(core.told[0], {
    plugin: "fruit",
    version: "1.0.0",
    phase: "collect",
    account: "1",
    permission: "net",
    value: "a:443",
    allowed: true,
    count: 5,
    first_at: new Date(0).toISOString(),
    last_at: new Date(1_000).toISOString(),
  });
  await reports.flush();
  strictEqual(core.told.length, 2);
});

Deno.test("AccessReports keeps no more than its bound, and says that there was more", async () => {
  const core = new FakeCore();
  const reports = new AccessReports({ send: core.send, maxKept: 10 });
  for (let at = 0; at < 50; at++) {
    reports.add("fruit", "1.0.0", access(`${at}:1`));
  }
  reports.add("fruit", "1.0.0", { ...access("0:1"), dropped: 7 });
  await reports.flush();
  const lost = core.told.filter(({ permission }) => permission === NOT_KEPT);
  strictEqual(core.told.length - lost.length, 10);
  strictEqual(lost.reduce((sum, { count }) => sum + count, 0), 47);
  ok(lost.every(({ allowed }) => !allowed));
});

Deno.test("AccessReports tells many in pages that core takes", async () => {
  const core = new FakeCore();
  const reports = new AccessReports({ send: core.send });
  for (let at = 0; at < 2_500; at++) {
    reports.add("fruit", "1.0.0", access(`${at}:1`));
  }
  await reports.flush();
  deepStrictEqual([core.told.length, core.pages], [2_500, 3]);
});

Deno.test("AccessReports goes on after what core will never take", async () => {
  const pages: (readonly PluginAccessJson[])[] = [];
  const reports = new AccessReports({
    send: (accesses) => {
      pages.push(accesses);
      return pages.length === 1
        ? Promise.reject(new SkymapError("body_invalid", "Cannot read it"))
        : Promise.resolve();
    },
  });
  for (let at = 0; at < 1_001; at++) {
    reports.add("fruit", "1.0.0", access(`${at}:1`));
  }
  await reports.flush();
  deepStrictEqual(pages.map(({ length }) => length), [1_000, 1]);
  reports.add("fruit", "1.0.0", { ...access("a:1"), account: "x".repeat(999) });
  await reports.flush();
  strictEqual(pages.at(-1)?.[0]?.account?.length, 500);
});
