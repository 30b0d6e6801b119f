import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { ConfigClient, PluginClient, unwrap } from "@skymap/lib/client";
import { commandOf } from "../../start/launch.ts";
import { addPlugin } from "../helpers/add_plugin.ts";
import { System, until } from "../helpers/system.ts";

const CLOUD = `import { definePlugin } from "@skymap/lib/plugin";
export default definePlugin({
  name: "cloud",
  version: "1.0.0",
  description: "Writes down what it needs",
  permissions: { commands: { env: ["HOME"] } },
  config: { parse: (value) => value },
  policy({ config, tag, cleanup }) {
    let home = "nothing";
    try { home = Deno.env.get("HOME"); } catch {}
    return { place: config.place, tag, cleanup, home };
  },
  commands: { nothing() {} },
});
`;

/** Runs `skymap plugin policy …` to its end. */
async function policy(system: System, ...args: readonly string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args: commandOf("plugin", [
      "policy",
      ...args,
      "--core-uri",
      system.coreUri,
      "--data-dir",
      system.dataDir,
    ]),
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test("skymap plugin policy prints what the accounts of a plugin must allow", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "skymap-policy-" });
  await Deno.writeTextFile(`${folder}/cloud.ts`, CLOUD);
  await using system = await System.start({ core: ["--no-scheduling"] });
  const client = await system.client();
  await addPlugin(client, `${folder}/cloud.ts`);
  const plugins = new PluginClient(client);
  await until("core knows what came with Skymap", async () => {
    const all = unwrap(await plugins.list());
    return ["aws", "demo"].every((name) =>
      all.some((each) => each.name === name)
    );
  });
  unwrap(
    await new ConfigClient(client).patch("skymap.worker", {
      cloud: { place: "here" },
      aws: { collect: ["aws_ec2_*"] },
    }),
  );

  await t.step("by how workers are configured, and out of reach", async () => {
    const { code, stdout, stderr } = await policy(system, "cloud");
    strictEqual(code, 0, stderr);
    deepStrictEqual(JSON.parse(stdout), {
      place: "here",
      tag: false,
      cleanup: false,
      home: "nothing",
    });
    const other = await policy(
      system,
      "cloud@1.0.0",
      "--cleanup",
      "--override",
      "cloud.place=there",
    );
    deepStrictEqual(JSON.parse(other.stdout), {
      place: "there",
      tag: false,
      cleanup: true,
      home: "nothing",
    });
  });

  await t.step("the one of AWS names each action once", async () => {
    const actionsOf = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await policy(system, "aws", ...args);
      deepStrictEqual([code, stderr], [0, ""]);
      const { Version, Statement } = JSON.parse(stdout);
      strictEqual(Version, "2012-10-17");
      return (Statement as { readonly Action: readonly string[] }[])
        .map(({ Action }) => Action);
    };
    const read = (await actionsOf()).flat();
    ok(read.includes("ec2:DescribeInstances"), read.join());
    ok(!read.some((action) => /Delete|Tags$/.test(action)), read.join());
    ok(!read.includes("rds:DescribeDBInstances"));
    const parts = await actionsOf("--tag", "--cleanup");
    const all = parts.flat();
    strictEqual(new Set(all).size, all.length);
    for (const part of parts) deepStrictEqual(part, part.toSorted());
    for (const action of all) match(action, /^[a-z0-9-]+:[A-Z]\w+$/);
    for (const action of ["ec2:CreateTags", "ec2:TerminateInstances"]) {
      ok(all.includes(action), action);
    }
  });

  await t.step("what is too large for one is printed in parts", async () => {
    const all = ["aws", "--tag", "--cleanup", "--override", "aws.collect=[]"];
    const whole = await policy(system, ...all);
    strictEqual(whole.code, 0, whole.stderr);
    const parts = JSON.parse(whole.stdout) as unknown[];
    strictEqual(
      whole.stderr,
      `The policy is too large for one: this is a list of ${parts.length}, and ` +
        `--part 1 to --part ${parts.length} print one of them\n`,
    );
    for (const [at, part] of parts.entries()) {
      const { stdout, stderr } = await policy(
        system,
        ...all,
        "--part",
        `${at + 1}`,
      );
      strictEqual(stderr, "");
      deepStrictEqual(JSON.parse(stdout), part);
      ok(stdout.replace(/\s/g, "").length <= 6_144);
    }
    const none = await policy(system, "aws", "--part", "2");
    deepStrictEqual([none.code, none.stdout], [2, ""]);
    match(none.stderr, /it has one part/);
  });

  await t.step("what has none, or is not there, is said", async () => {
    const none = await policy(system, "demo");
    deepStrictEqual([none.code, none.stdout], [1, ""]);
    match(none.stderr, /Cannot write the policy of plugin "demo": it has none/);
    const unknown = await policy(system, "cluod");
    deepStrictEqual([unknown.code, unknown.stdout], [1, ""]);
    match(unknown.stderr, /cluod/);
    const mixed = await policy(system, "show", "--tag");
    deepStrictEqual([mixed.code, mixed.stdout], [2, ""]);
    match(mixed.stderr, /wanted the name of a plugin with that/);
  });
  await Deno.remove(folder, { recursive: true });
});
