/**
 * The other end of `latency_bench.ts`: a worker in a process of its own. It
 * prints a line for each action it has answered: when its live query told of it, and when its
 * handler ran, after the claim.
 *
 * Words: address of the gateway, token.
 */
import { connectRemote } from "@skymap/lib/db";
import { ActionRunner } from "@skymap/lib/subscriber";

const [url = "", token = ""] = Deno.args;

/** Milliseconds since 1970, with fractions; one clock for the machine. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function say(value: unknown): void {
  const text = `${JSON.stringify(value)}\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

const { signal } = new AbortController();
const db = await connectRemote({
  url,
  token: () => Promise.resolve(token),
  signal,
});
// One action is open at a time.
let told: number | undefined;
let handled: number | undefined;
await db.live(
  "LIVE SELECT * FROM action WHERE worker = $auth",
  {},
  (change) => {
    if (change === "CREATE") told = now();
  },
);
await ActionRunner.start({
  db,
  handlers: {
    bench: () => {
      handled = now();
      return Promise.resolve();
    },
  },
  onEnd: () => {
    say({ told, handled });
  },
  signal,
});
say({ ready: true });
