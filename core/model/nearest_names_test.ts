import { deepStrictEqual } from "node:assert/strict";
import { nearestNames } from "./nearest_names.ts";

Deno.test("nearestNames() gives the nearest ones only, at most three", () => {
  const cases: readonly [string, string, string][] = [
    ["volme", "volume role volumes", "volume"],
    ["nmae", "name mac tame", "name"],
    ["nope", "role type zone", ""],
    ["upp", "up down", "up"],
    ["size", "volume_size disk_size name", "disk_size volume_size"],
    ["aaaaa", "aaaab aaaac aaaad aaaae", "aaaab aaaac aaaad"],
    ["instance_tpye", "instance_type instance_typ", "instance_type"],
    ["x", "y", "y"],
    ["anything", "else", ""],
  ];
  for (const [name, names, wanted] of cases) {
    deepStrictEqual(
      nearestNames(name, names.split(" ")).join(" "),
      wanted,
      name,
    );
  }
});
