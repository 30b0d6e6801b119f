import { deepStrictEqual, throws } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { lineEnvironment } from "./environment.ts";

const SETTINGS = {
  graph: "main",
  section: "reported",
  at: undefined,
  requireComplete: false,
  count: false,
  format: undefined,
  json: false,
  timeout: undefined,
};

Deno.test("lineEnvironment() makes variables of flags", () => {
  const plain = { graph: "main", section: "reported" };
  deepStrictEqual(lineEnvironment(SETTINGS), plain);
  const all = {
    ...SETTINGS,
    at: "3d",
    requireComplete: true,
    count: true,
    format: "csv",
    timeout: "10s",
  };
  deepStrictEqual(lineEnvironment(all), {
    ...plain,
    at: "3d",
    require_complete: "true",
    count: "true",
    format: "csv",
    search_timeout: "10s",
  });
  deepStrictEqual(lineEnvironment({ ...SETTINGS, json: true }), {
    ...plain,
    format: "ndjson",
  });
});

Deno.test("lineEnvironment() refuses two forms", () => {
  const both = { ...SETTINGS, json: true, format: "csv" };
  throws(() => lineEnvironment(both), (error) => isSkymapError(error, "usage"));
});
