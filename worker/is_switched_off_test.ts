import { strictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import { isSwitchedOff } from "./is_switched_off.ts";

const OFF = { properties: { enabled: { type: "boolean", default: false } } };
const ON = { properties: { enabled: { type: "boolean", default: true } } };

Deno.test("isSwitchedOff() goes by the default of enabled, unless it is said", () => {
  const cases:
    readonly (readonly [JsonObject | undefined, JsonObject, boolean])[] = [
      [OFF, {}, true],
      [OFF, { enabled: false }, true],
      [OFF, { enabled: "yes" }, true],
      [OFF, { enabled: true }, false],
      [ON, {}, false],
      [ON, { enabled: false }, false],
      [{ properties: {} }, {}, false],
      [{}, { enabled: false }, false],
      [undefined, {}, false],
    ];
  for (const [configSchema, section, wanted] of cases) {
    strictEqual(
      isSwitchedOff({ ...(configSchema && { configSchema }) }, section),
      wanted,
      JSON.stringify([configSchema, section]),
    );
  }
});
