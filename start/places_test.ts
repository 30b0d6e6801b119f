import { strictEqual } from "node:assert/strict";
import { findPlaces } from "./places.ts";

Deno.test("findPlaces() lets a role read the data directory that its environment names", () => {
  const env = (name: string) =>
    ({ SKYMAP_SHELL_DATA_DIR: "/from/env", HOME: "/home/me" })[name];
  strictEqual(findPlaces("shell", [], env).data, "/from/env");
  const flags = ["--data-dir", "/from/flag"];
  strictEqual(findPlaces("shell", flags, env).data, "/from/flag");
  strictEqual(findPlaces("worker", ["--data-dir=/x"], env).data, "/x");
});
