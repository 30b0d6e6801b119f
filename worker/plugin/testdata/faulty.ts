/** A plugin that does what its configuration names, and it is never good. */
import {
  type CollectContext,
  definePlugin,
  type PluginDefinition,
} from "@skymap/lib/plugin";

interface Config {
  readonly fault?: string;
  readonly target?: string;
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

const KEPT: unknown[] = [];

/** What is done while the scope `faulty_thing` is open. */
const FAULTS: Record<
  string,
  (config: Config, context: CollectContext<Config>) => unknown
> = {
  none: () => {},
  loop: () => {
    for (;;);
  },
  heap: () => {
    for (;;) KEPT.push(new Array(1_000).fill({ a: KEPT.length }));
  },
  buffers: () => {
    for (;;) KEPT.push(new Uint8Array(8_000_000).fill(1));
  },
  exit: () => Deno.exit(0),
  exit_7: () => Deno.exit(7),
  abort: async () => (await import("node:process")).default.abort(),
  kill: () => Deno.kill(Deno.pid, "SIGKILL"),
  throw_late: () => {
    setTimeout(() => {
      throw new Error("thrown late");
    }, 0);
    return new Promise(() => {});
  },
  reject_late: () => {
    Promise.reject(new Error("rejected late"));
    return new Promise(() => setInterval(() => {}, 1_000));
  },
  stall: () => new Promise(() => {}),
  garbage: () => say("this is no message\n"),
  binary: () => Deno.stdout.writeSync(new Uint8Array([255, 254, 0, 10])),
  number: () => say("42\n"),
  endless_line: () => {
    for (;;) say("x".repeat(100_000));
  },
  unknown_message: () =>
    say('{"type":"accounts","cloud":"faulty","accounts":[]}\n'),
  foreign_scope: () =>
    say('{"type":"node","scope":99,"id":"x","reported":{}}\n'),
  forge: () =>
    say(
      '{"type":"scope","scope":7,"state":"open","cloud":"aws","account":"1","region":"","kind":"aws_account"}\n' +
        '{"type":"node","scope":7,"id":"x","reported":{}}\n' +
        '{"type":"scope","scope":7,"state":"complete"}\n',
    ),
  read_file: () => Deno.readTextFile("/etc/hostname"),
  write_file: ({ target = "" }) => Deno.writeTextFile(target, "x"),
  read_env: () => Deno.env.get("HOME"),
  all_env: () => Deno.env.toObject(),
  fetch: ({ target = "" }) => fetch(target),
  import: ({ target = "" }) => import(target),
  run: () => new Deno.Command("/bin/true").output(),
  dlopen: () => Deno.dlopen("libc.so.6", {}),
  // deno-lint-ignore no-console -- what a plugin prints must do no harm
  print: () => console.log("a plugin says hello"),
  throw: () => {
    throw Object.assign(new Error("no such right"), {
      code: "AccessDenied",
      permission: "faulty:List",
    });
  },
};

const plugin: PluginDefinition<Config> = definePlugin({
  name: "faulty",
  version: "1.0.0",
  description: "Does what it should not",
  containers: { account: "faulty_account", region: "faulty_region" },
  kinds: [
    { name: "faulty_account", bases: ["account"] },
    { name: "faulty_region", bases: ["region"] },
    { name: "faulty_thing", bases: ["resource"] },
    { name: "faulty_last", bases: ["resource"] },
  ],
  permissions: {},
  accounts: () => ({ accounts: [{ id: "1" }] }),
  async collect(context) {
    const { config, scope, account } = context;
    await scope(
      { kind: "faulty_account" },
      (found) => found.node({ id: account.id, reported: {} }),
    );
    await scope({ kind: "faulty_thing" }, async (found) => {
      await found.node({ id: "first", reported: { pid: Deno.pid } });
      // What was said before the fault is on its way by then: bytes that are
      // written at once may overtake those that wait for a thread.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await FAULTS[config.fault ?? "none"]?.(config, context);
    });
    await scope({ kind: "faulty_last" }, async () => {});
  },
});

export default plugin;
