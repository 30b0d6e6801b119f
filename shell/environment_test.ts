import { deepStrictEqual, throws } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { lineEnvironment } from "./environment.ts";

const SETTINGS = {
  graph: undefined,
  section: undefined,
  at: undefined,
  requireComplete: false,
  count: false,
  format: undefined,
  json: false,
  timeout: undefined,
};

Deno.test("lineEnvironment() makes variables of flags", () => {
  // Core says what counts where no flag does.
  deepStrictEqual(lineEnvironment(SETTINGS), {});
  const all = {
    ...SETTINGS,
    graph: "prod",
    section: "desired",
    at: "3d",
    requireComplete: true,
    count: true,
    format: "csv",
    timeout: "10s",
  };
  deepStrictEqual(lineEnvironment(all), {
    graph: "prod",
    section: "desired",
    at: "3d",
    require_complete: "true",
    count: "true",
    format: "csv",
    search_timeout: "10s",
  });
  deepStrictEqual(lineEnvironment({ ...SETTINGS, json: true }), {
    format: "ndjson",
  });
});

Deno.test("lineEnvironment() refuses two forms", () => {
  const both = { ...SETTINGS, json: true, format: "csv" };
  throws(() => lineEnvironment(both), (error) => isSkymapError(error, "usage"));
});
