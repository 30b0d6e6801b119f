import { untilStopped } from "@skymap/lib/lifecycle";
import type { PluginManifest } from "@skymap/lib/plugin";
import type { SettingDeclarations } from "@skymap/lib/settings";
import { join } from "node:path";
import { findInstallation, resolvePlugin } from "../plugin/source.ts";
import type { PluginCommands } from "../plugin_command.ts";
import { developPlugin } from "./develop_plugin.ts";
import { findFaults } from "./find_faults.ts";
import { describeManifest } from "./describe_manifest.ts";
import { kitHost } from "./kit_host.ts";
import { newPlugin } from "./new_plugin.ts";
import { packPlugin } from "./pack_plugin.ts";
import { printLines, readCommand } from "./read_command.ts";
import { showFindings, showGraph } from "./show_trial.ts";
import { readSigningKey, writeSigningKey } from "./signing_key.ts";
import {
  findTarget,
  pluginConfig,
  readAnswers,
  TARGET_SETTINGS,
  TRIAL_SETTINGS,
} from "./trial_settings.ts";
import { tryPlugin } from "./try_plugin.ts";
import { writePackage } from "./write_package.ts";

const NO_SETTINGS = {} as const satisfies SettingDeclarations;

async function create(args: readonly string[]): Promise<number> {
  const { word } = readCommand(NO_SETTINGS, args, {
    name: "new",
    brief: "Makes a folder with a plugin that runs at once, and its test.",
    word: "NAME",
  });
  const files = await newPlugin(word);
  printLines([
    ...files.map((file) => `made ${join(word, file)}`),
    `try it with: skymap plugin dev --once ${join(word, "mod.ts")}`,
  ]);
  return 0;
}

async function develop(args: readonly string[]): Promise<number> {
  const { word, settings, overrides } = readCommand(
    {
      ...TRIAL_SETTINGS,
      ...TARGET_SETTINGS,
      once: {
        type: "boolean",
        help: "Runs it once, and does not wait for changes.",
        default: false,
      },
    },
    args,
    {
      name: "dev",
      brief:
        "Runs a plugin whenever its files change; shows what it finds and what it is refused.",
      word: "FILE",
      takesOverrides: true,
    },
  );
  const replay = await readAnswers(settings.replay);
  const target = await findTarget(settings);
  return await developPlugin({
    spec: word,
    config: (name) => pluginConfig(name, overrides),
    once: settings.once,
    ...(replay !== undefined && { replay }),
    ...(target !== undefined && { target }),
    print: printLines,
    signal: untilStopped(),
  });
}

async function check(args: readonly string[]): Promise<number> {
  const { word, settings, overrides } = readCommand(
    {
      ...TRIAL_SETTINGS,
      strict: {
        type: "boolean",
        help: "Takes notes for faults.",
        default: false,
      },
    },
    args,
    {
      name: "check",
      brief:
        "Checks what a plugin says and does: contract, kinds, permissions and words.",
      word: "FILE",
      takesOverrides: true,
    },
  );
  const signal = untilStopped();
  const packed = await packPlugin({ spec: word, signal });
  const { name, version } = packed.published.manifest;
  const config = pluginConfig(name, overrides);
  const replay = await readAnswers(settings.replay);
  const trial = await tryPlugin({
    packed,
    config,
    record: true,
    ...(replay !== undefined && { replay }),
    signal,
  });
  const findings = findFaults(trial, config, Deno.env.get("HOME"));
  const isGood = findings.faults.length === 0 &&
    !(settings.strict && findings.notes.length > 0);
  printLines([
    ...showFindings(findings),
    isGood
      ? `${name} ${version} is good`
      : `${name} ${version} is not good: ${findings.faults.length} faults, ${findings.notes.length} notes`,
  ]);
  return isGood ? 0 : 1;
}

async function pack(args: readonly string[]): Promise<number> {
  const { word, settings } = readCommand(
    {
      out: { type: "text", help: "Folder that is written.", default: "." },
      key: { type: "text", help: "File of a key that signs it." },
      replace: {
        type: "boolean",
        help: "Replaces a version that is there and differs.",
        default: false,
      },
    },
    args,
    {
      name: "pack",
      brief:
        "Makes the files to publish: one module, its manifest, its lock and an index.",
      word: "FILE",
    },
  );
  const { key } = settings;
  const packed = await packPlugin({
    spec: word,
    ...(key !== undefined && { key: await readSigningKey(key) }),
    signal: untilStopped(),
  });
  const files = await writePackage(settings.out, packed, settings);
  const { sha256, size, signature } = packed.published;
  printLines([
    ...files.map((file) => `wrote ${join(settings.out, file)}`),
    `sha256 ${sha256}, ${size} bytes, ${
      signature === undefined ? "not signed" : `signed by ${signature.key}`
    }`,
  ]);
  return 0;
}

async function record(args: readonly string[]): Promise<number> {
  const { word, settings, overrides } = readCommand(
    {
      out: {
        type: "text",
        help: "File that is written.",
        default: "recording.json",
      },
    },
    args,
    {
      name: "record",
      brief:
        "Runs a plugin and writes down the answers to its calls, without secrets.",
      word: "FILE",
      takesOverrides: true,
    },
  );
  const signal = untilStopped();
  const packed = await packPlugin({ spec: word, signal });
  const { name } = packed.published.manifest;
  const trial = await tryPlugin({
    packed,
    config: pluginConfig(name, overrides),
    record: true,
    signal,
  });
  const recording = { format: 1, answers: trial.answers };
  await Deno.writeTextFile(
    settings.out,
    `${JSON.stringify(recording, null, 2)}\n`,
  );
  printLines([
    ...showGraph(trial),
    ...trial.failures.map((failure) => `fault: ${failure}`),
    `wrote ${settings.out}: ${trial.answers.length} answers; look through it before you share it`,
  ]);
  return trial.failures.length === 0 ? 0 : 1;
}

async function replay(args: readonly string[]): Promise<number> {
  const { word, settings, overrides } = readCommand(
    {
      from: {
        type: "text",
        help: "File of recorded answers.",
        default: "recording.json",
      },
    },
    args,
    {
      name: "replay",
      brief: "Runs a plugin on recorded answers, without a network.",
      word: "FILE",
      takesOverrides: true,
    },
  );
  const answers = await readAnswers(settings.from);
  return await developPlugin({
    spec: word,
    config: (name) => pluginConfig(name, overrides),
    once: true,
    ...(answers !== undefined && { replay: answers }),
    print: printLines,
    signal: untilStopped(),
  });
}

async function key(args: readonly string[]): Promise<number> {
  const { settings } = readCommand(
    {
      out: {
        type: "text",
        help: "File that is written; keep it to yourself.",
        default: "skymap-plugin-key.json",
      },
    },
    args,
    { name: "key", brief: "Makes a key pair that plugins are signed with." },
  );
  const { id, publicKey } = await writeSigningKey(settings.out);
  printLines([
    `wrote ${settings.out}, which only you can read`,
    `id          ${id}`,
    `public key  ${publicKey}`,
  ]);
  return 0;
}

/** What a plugin says of itself: one that came with Skymap has a name. */
async function manifestOf(
  spec: string,
  signal: AbortSignal,
): Promise<PluginManifest> {
  if (!/^[a-z][a-z0-9_]*$/.test(spec)) {
    return (await packPlugin({ spec, signal })).published.manifest;
  }
  const installation = await findInstallation();
  const source = await resolvePlugin(spec, installation);
  return await kitHost({ source, installation }).describe(signal);
}

async function describe(args: readonly string[]): Promise<number> {
  const { word, settings } = readCommand(
    { json: { type: "boolean", help: "Prints JSON.", default: false } },
    args,
    {
      name: "describe",
      brief: "Says what a plugin is and asks for; it runs without permissions.",
      word: "FILE|NAME",
    },
  );
  const manifest = await manifestOf(word, untilStopped());
  printLines(
    settings.json
      ? [JSON.stringify(manifest, null, 2)]
      : describeManifest(manifest),
  );
  return 0;
}

/** What an author of plugins does. */
export const KIT_COMMANDS: PluginCommands = {
  new: { help: "Makes a plugin to start from", run: create },
  dev: { help: "Runs a plugin while you write it", run: develop },
  check: { help: "Checks a plugin before it is published", run: check },
  record: { help: "Writes down the answers to a plugin's calls", run: record },
  replay: { help: "Runs a plugin on recorded answers", run: replay },
  pack: { help: "Makes the files to publish", run: pack },
  key: { help: "Makes a key pair to sign with", run: key },
  describe: { help: "Says what a plugin is and asks for", run: describe },
};
