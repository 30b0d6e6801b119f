import { deepStrictEqual, ok } from "node:assert/strict";
import type { Command, Example } from "../../core/cli/command.ts";
import type { CoreServices } from "../../core/cli/core_services.ts";
import { testAddition } from "../../core/registry/_test_plugin.ts";
import { until } from "@skymap/lib/testing";
import { type DemoCore, openDemoCore } from "./_demo_core.ts";

let core: DemoCore;
let commands: readonly Command[];
Deno.test.beforeAll(async () => {
  core = await openDemoCore();
  commands = core.commandLine.commands().all;
});
Deno.test.afterAll(async () => {
  await core[Symbol.asyncDispose]();
});

/** A host that takes everything, and what it got. */
function receiver() {
  const paths: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      paths.push(`${request.method} ${new URL(request.url).pathname}`);
      await request.body?.cancel();
      return new Response("{}");
    },
  );
  return {
    paths,
    host: `127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Addresses of examples: this machine's port 8080, and hosts of the internet. */
const ADDRESS =
  /\bhttps?:\/\/[a-z0-9.-]+(?::\d+)?(?=[/\s"']|$)|(?<= ):8080(?=\/)|(?<=[ =])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|example)(?=\/)/g;

/** The line, sent to this host and nowhere else. */
function sentTo(host: string, line: string): string {
  return line.replaceAll(ADDRESS, `http://${host}`);
}

/** Files that examples read and none makes. */
const FILES: Readonly<Record<string, string>> = {
  "worker.yml": "worker:\n  pool_size: 4\n",
};

/** What examples need that the demo cloud has not. */
const RUN = "a run of this id";
const WORKER = "a worker with this plugin";
const PLAN = "a plan of this id";
const DELETER = "a plan of this id and a worker that can delete";
const TAGS = "a cloud whose tags can be changed";

/** Adds two versions of the plugin that examples are about. */
async function addPlugin({ plugins }: CoreServices): Promise<void> {
  for (const version of ["1.0.0", "1.1.0"]) {
    const addition = await testAddition({ version });
    const { version: added } = await plugins.add(addition, "test");
    const { sha256 = "", permissions_hash } = added;
    await plugins.approve(
      "fruit",
      version,
      { sha256, permissions_hash },
      "test",
    );
    await plugins.enable("fruit", version, "test");
  }
}

/** Lets a line sleep for as long as it wants. */
async function wake({ clock }: DemoCore, before: number): Promise<void> {
  await until(() => clock.timers > before);
  clock.advance(60_000);
}

/** Runs a line; gives the files that it makes. */
async function filesOf(
  line: string,
  files: ReadonlyMap<string, Blob>,
): Promise<ReadonlyMap<string, Blob>> {
  const made = new Map<string, Blob>();
  let open: { readonly name: string; readonly parts: Uint8Array[] } | undefined;
  const { timers } = core.clock;
  const awake = /\bsleep\b/.test(line) ? wake(core, timers) : undefined;
  const events = await core.commandLine.execute(line, core.request({ files }));
  for await (const event of events) {
    switch (event.type) {
      case "begin":
        open = event.name === undefined
          ? undefined
          : { name: event.name, parts: [] };
        break;
      case "bytes":
        open?.parts.push(event.bytes.slice());
        break;
      case "end":
        if (open !== undefined) {
          made.set(
            open.name,
            new Blob(open.parts as Uint8Array<ArrayBuffer>[]),
          );
        }
        break;
      case "failed":
        throw event.error;
    }
  }
  await awake;
  return made;
}

Deno.test("every example of every command runs on the demo cloud", async (t) => {
  await using host = receiver();
  await core.services.configs.patch("skymap.core", {
    core: { cli: { http_allowed_hosts: [host.host] } },
  }, { by: "test" });
  await addPlugin(core.services);
  const files = new Map(
    Object.entries(FILES).map(([name, text]) => [name, new Blob([text])]),
  );
  const lineOf = async ({ line, needs }: Example) => {
    const sent = sentTo(host.host, line).replaceAll("https ", "http ");
    if (needs === PLAN) {
      const [plan] = await core.services.cleanup.list();
      return sent.replace(/\b[0-9a-v]{8}\b/, plan?.id ?? "");
    }
    if (needs !== RUN) return sent;
    const [run] = await core.services.workflows.runs({ limit: 1 });
    return sent.replace(/\b[0-9a-v]{26}\b/, run?.id ?? "");
  };
  for (const { name, examples } of commands) {
    for (const example of examples) {
      await t.step(`${name}: ${example.line}`, async () => {
        const line = await lineOf(example);
        if ([WORKER, TAGS, DELETER].includes(example.needs ?? "")) {
          await core.commandLine.prepare(line, core.request());
          return;
        }
        for (const [each, blob] of await filesOf(line, files)) {
          files.set(each, blob);
        }
      });
    }
  }
  ok(host.paths.length > 5, `only ${host.paths} were sent`);
});

Deno.test("every command has two examples, every form one", () => {
  const missing: string[] = [];
  for (const { name, aliases = [], forms, examples } of commands) {
    const isPlain = forms.every(({ parameters }) => parameters.length === 0);
    if (examples.length < (isPlain ? 1 : 2)) {
      missing.push(`${name}: a second example`);
    }
    const words = [name, ...aliases].join("|");
    for (const { verb } of forms) {
      if (verb === undefined) continue;
      const called = new RegExp(`(?:^|[|;"'= ])(?:${words}) ${verb}\\b`);
      if (!examples.some(({ line }) => called.test(line))) {
        missing.push(`${name} ${verb}: an example`);
      }
    }
  }
  deepStrictEqual(missing, []);
});

Deno.test("help says what each command, form, parameter and example is for", () => {
  /** A sentence without its end. */
  const isSentence = (text: string) => /^[A-Z\d`"].{3,}[^.\s]$/s.test(text);
  const wrong: string[] = [];
  for (const { name, brief, description, forms, examples } of commands) {
    if (!isSentence(brief)) wrong.push(`${name}: ${brief}`);
    if (description.trim() === "") wrong.push(`${name}: no description`);
    for (const { says, line } of examples) {
      if (!isSentence(says)) wrong.push(`${line}: ${says}`);
    }
    for (const form of forms) {
      const called = [name, form.verb].filter(Boolean).join(" ");
      if (!isSentence(form.brief)) wrong.push(`${called}: ${form.brief}`);
      for (const parameter of form.parameters) {
        if (!/^\S.*[^.\s]$/s.test(parameter.help)) {
          wrong.push(`${called} ${parameter.name}: ${parameter.help}`);
        }
      }
    }
  }
  deepStrictEqual(wrong, []);
});
