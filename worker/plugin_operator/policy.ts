import { type PluginPolicyJson, unwrap } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import { readSettings, type SettingDeclarations } from "@skymap/lib/settings";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines } from "../plugin_kit/read_command.ts";
import { cloudPolicy } from "./cloud_policy.ts";
import {
  CORE_SETTINGS,
  isPluginWord,
  openRegistry,
  roleEnvironment,
} from "./registry_settings.ts";

const LISTS = ["net", "env", "read", "sys", "graph"] as const;

const FLAGS = {
  ...CORE_SETTINGS,
  net: { type: "list", help: "A host any plugin may get; none for no host." },
  env: { type: "list", help: "A variable any plugin may get, or none." },
  read: { type: "list", help: "A path any plugin may get, or none." },
  sys: { type: "list", help: "A system fact any plugin may get, or none." },
  graph: {
    type: "list",
    help: "A right to the graph any plugin may get: search, clean, protect, " +
      "tag, or none.",
  },
  maxHeapMb: { type: "integer", help: "Most JavaScript heap.", min: 32 },
  maxMemoryMb: { type: "integer", help: "Most memory.", min: 64 },
  maxTimeoutS: { type: "integer", help: "Most seconds.", min: 1 },
  requireSignature: {
    type: "text",
    help: "Whether a trusted key must have signed what is added.",
    choices: ["yes", "no"],
  },
  tag: {
    type: "boolean",
    help: "With NAME: allows changes of tags, too.",
    default: false,
  },
  cleanup: {
    type: "boolean",
    help: "With NAME: allows what is cleaned up to be deleted, too.",
    default: false,
  },
  part: {
    type: "integer",
    help: "With NAME: prints that part alone, where a cloud takes it in parts.",
    min: 1,
  },
  lift: {
    type: "list",
    help: "A cap that is lifted, such as net or max-heap-mb.",
  },
} as const satisfies SettingDeclarations;

/** A list, where the word `none` stands for an empty one. */
function capOf(values: readonly string[] | undefined) {
  if (values === undefined || values.length === 0) return;
  return values.filter((value) => value !== "none");
}

/** The policy as lines. */
function show(policy: PluginPolicyJson): readonly string[] {
  const lines = Object.entries(policy).map(([name, value]) =>
    `${name.padEnd(17)} ${
      Array.isArray(value) ? value.join(", ") || "none" : String(value)
    }`
  );
  return lines.length === 0
    ? ["no caps: a plugin gets what is approved"]
    : lines;
}

/** The part that is wanted, or all of them. */
function partOf(
  parts: readonly JsonObject[],
  plugin: string,
  wanted: number | undefined,
): JsonObject | readonly JsonObject[] {
  const count = parts.length;
  const found = parts[(wanted ?? 1) - 1];
  if (found === undefined) {
    throw new SkymapError(
      "usage",
      `Cannot print part ${wanted} of the policy of plugin "${plugin}": it has ` +
        (count === 1 ? "one part" : `${count} parts`),
    );
  }
  if (wanted !== undefined || count === 1) return found;
  const note = `The policy is too large for one: this is a list of ${count}, ` +
    `and --part 1 to --part ${count} print one of them\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(note));
  return parts;
}

async function run(args: readonly string[]): Promise<number> {
  const { settings, words, overrides } = readSettings(FLAGS, {
    role: "plugin policy",
    brief: "Shows the caps on what any plugin may get, or sets some of them; " +
      "or prints what the accounts of a plugin must allow for what workers are " +
      "configured with.",
    args,
    words: "[show | set | NAME]",
    takesOverrides: true,
    env: roleEnvironment("policy"),
  });
  const [verb = "show", ...more] = words;
  const isCap = ["show", "set"].includes(verb);
  if (more.length > 0 || !isCap && !isPluginWord(verb)) {
    throw new SkymapError(
      "usage",
      `Cannot do plugin policy "${
        words.join(" ")
      }": wanted show, set or the name of a plugin`,
    );
  }
  const { tag, cleanup, part } = settings;
  const alone = [
    ...(tag ? ["--tag"] : []),
    ...(cleanup ? ["--cleanup"] : []),
    ...(part === undefined ? [] : ["--part"]),
    ...(overrides.length > 0 ? ["--override"] : []),
  ];
  if (isCap && alone.length > 0) {
    throw new SkymapError(
      "usage",
      `Cannot do plugin policy "${verb}" with ${
        alone.join(", ")
      }: wanted the name of a plugin with that`,
    );
  }
  const access = await openRegistry(settings);
  if (!isCap) {
    const wanted = { word: verb, overrides, tag, cleanup };
    const parts = await cloudPolicy(wanted, access);
    const shown = partOf(parts, verb, part);
    printLines([JSON.stringify(shown, null, 2)]);
    return 0;
  }
  const { plugins } = access;
  const before = unwrap(await plugins.policy());
  if (verb === "show") {
    printLines(show(before));
    return 0;
  }
  const { maxHeapMb, maxMemoryMb, maxTimeoutS, requireSignature } = settings;
  const named = {
    ...Object.fromEntries(
      LISTS.map((name) => [name, capOf(settings[name])]),
    ),
    max_heap_mb: maxHeapMb,
    max_memory_mb: maxMemoryMb,
    max_timeout_s: maxTimeoutS,
    require_signature: requireSignature === undefined
      ? undefined
      : requireSignature === "yes",
  };
  const isNamed = Object.values(named).some((value) => value !== undefined);
  if (!isNamed && (settings.lift ?? []).length === 0) {
    throw new SkymapError(
      "usage",
      "Cannot set the policy: no cap is named, wanted a flag such as --net",
    );
  }
  const lifted = (settings.lift ?? []).map((name) => name.replaceAll("-", "_"));
  const unknown = lifted.find((name) => !Object.hasOwn(named, name));
  if (unknown !== undefined) {
    throw new SkymapError(
      "usage",
      `Cannot lift "${unknown}": there is no such cap, wanted one of ${
        Object.keys(named).join(", ")
      }`,
    );
  }
  const after: PluginPolicyJson = Object.fromEntries(
    Object.entries({
      ...before,
      ...Object.fromEntries(
        Object.entries(named).filter(([, value]) => value !== undefined),
      ),
    }).filter(([name]) => !lifted.includes(name)),
  );
  const { policy, disabled } = unwrap(await plugins.setPolicy(after));
  printLines([
    ...show(policy),
    ...disabled.map(({ name, reason }) => `${name} is disabled: ${reason}`),
  ]);
  return 0;
}

/** `skymap plugin policy`. */
export const POLICY: PluginCommand = {
  help: "Shows or sets what any plugin may get, or writes a cloud's policy",
  run,
};
