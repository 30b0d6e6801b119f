import assert from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { parseCron } from "./cron.ts";

const at = (text: string) => Date.parse(text);

Deno.test("parseCron() finds the next and the last moment", () => {
  const cases = [
    ["0 * * * *", "UTC", "2026-01-01T10:30:00Z", "T11:00", "T10:00"],
    ["0 * * * *", "UTC", "2026-01-01T10:00:00Z", "T11:00", "T10:00"],
    ["0 * * * *", "UTC", "2026-01-01T09:59:59.999Z", "T10:00", "T09:00"],
    ["*/15 * * * *", "UTC", "2026-01-01T10:14:00Z", "T10:15", "T10:00"],
    ["30 6 * * *", "Asia/Kolkata", "2026-01-01T10:00:00Z", "T01:00", "T01:00"],
    // Sunday is 0 and 7; 2026-01-04 is one.
    ["0 12 * * 0", "UTC", "2026-01-04T13:00:00Z", "T12:00", "T12:00"],
    ["0 12 * * 7", "UTC", "2026-01-04T12:00:00Z", "T12:00", "T12:00"],
  ] as const;
  for (const [text, zone, now, next, last] of cases) {
    const cron = parseCron(text, zone);
    const what = `${text} ${zone} at ${now}`;
    const found = [cron.next(at(now)), cron.last(at(now))];
    assert.ok(found[0]?.toISOString().includes(next), `next of ${what}`);
    assert.ok(found[1]?.toISOString().includes(last), `last of ${what}`);
    assert.ok(Number(found[0]) > at(now), `next of ${what} is after it`);
    assert.ok(Number(found[1]) <= at(now), `last of ${what} is not after it`);
  }
});

Deno.test("parseCron() keeps to the wall clock when that is changed", () => {
  const cron = parseCron("0 5 * * *", "America/New_York");
  assert.equal(
    cron.next(at("2026-03-07T12:00:00Z"))?.toISOString(),
    "2026-03-08T09:00:00.000Z",
  );
  assert.equal(
    cron.last(at("2026-03-08T08:00:00Z"))?.toISOString(),
    "2026-03-07T10:00:00.000Z",
  );
});

Deno.test("parseCron() has one moment a day, also when clocks are changed", () => {
  const cron = parseCron("30 2 * * *", "Europe/Berlin");
  const moments = (from: string, days: number) => {
    const found: string[] = [];
    let last = at(from);
    for (let now = last; now < at(from) + days * 86_400_000; now += 60_000) {
      const due = cron.last(now)?.getTime() ?? 0;
      if (due <= last) continue;
      last = due;
      found.push(new Date(due).toISOString());
      assert.equal(due, now, "due the minute it comes");
    }
    return found;
  };
  // 02:30 is left out on 2026-03-29 and comes twice on 2026-10-25.
  assert.deepEqual(moments("2026-03-28T00:00:00Z", 3), [
    "2026-03-28T01:30:00.000Z",
    "2026-03-29T01:00:00.000Z",
    "2026-03-30T00:30:00.000Z",
  ]);
  assert.deepEqual(moments("2026-10-24T00:00:00Z", 3), [
    "2026-10-24T00:30:00.000Z",
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
});

Deno.test("parseCron() has no moment for a day that never comes", () => {
  const cron = parseCron("0 0 31 2 *", "UTC");
  assert.equal(cron.next(0), undefined);
  assert.equal(cron.last(at("2026-01-01T00:00:00Z")), undefined);
});

Deno.test("parseCron() refuses what is no schedule", () => {
  for (
    const [text, zone] of [
      ["61 * * * *", "UTC"],
      ["often", "UTC"],
      ["*/10 * * * * *", "UTC"],
      ["0 0 0 1 1 * 2027", "UTC"],
      ["2026-12-01T00:00:00", "UTC"],
      ["0 * * * *", "Atlantis/Capital"],
    ] as const
  ) {
    assert.throws(
      () => parseCron(text, zone),
      (error) =>
        isSkymapError(error, "config_invalid") && error.message.includes(text),
    );
  }
});
