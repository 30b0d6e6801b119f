import { deepStrictEqual, throws } from "node:assert/strict";
import {
  type SettingDeclarations,
  settingsWithoutFlags,
} from "./environment_settings.ts";
import { isSkymapError } from "./errors.ts";
import { readSettings } from "./settings.ts";

const DECLARATIONS = {
  coreUri: { type: "text", help: "Address.", default: "http://a" },
  at: { type: "text", help: "When." },
  size: { type: "integer", help: "How many.", default: 3, min: 1 },
  loud: { type: "boolean", help: "Whether.", default: false },
  names: { type: "list", help: "Which." },
} as const satisfies SettingDeclarations;

Deno.test("settingsWithoutFlags() reads what readSettings() reads without flags", () => {
  const environments: readonly Readonly<Record<string, string>>[] = [
    {},
    {
      SKYMAP_TRIAL_CORE_URI: "http://b",
      SKYMAP_TRIAL_AT: "3d",
      SKYMAP_TRIAL_SIZE: "7",
      SKYMAP_TRIAL_LOUD: "yes",
      SKYMAP_TRIAL_NAMES: "a b",
    },
  ];
  for (const variables of environments) {
    const env = (name: string) => variables[name];
    const { settings } = readSettings(DECLARATIONS, {
      role: "trial",
      brief: "Tries.",
      args: [],
      env,
    });
    deepStrictEqual(settingsWithoutFlags(DECLARATIONS, "trial", env), settings);
  }
});

Deno.test("settingsWithoutFlags() refuses a wrong variable", () => {
  const env = (name: string) => name === "SKYMAP_TRIAL_SIZE" ? "0" : undefined;
  throws(
    () => settingsWithoutFlags(DECLARATIONS, "trial", env),
    (error) => isSkymapError(error, "usage"),
  );
});
