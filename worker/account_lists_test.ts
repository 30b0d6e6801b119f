import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { AccountList } from "@skymap/lib/plugin";
import { FakeClock } from "@skymap/lib/testing";
import { testActive } from "./_test_plugins.ts";
import { AccountLists } from "./account_lists.ts";

const NEVER = new AbortController().signal;
const PLUGIN = testActive("toy");
const MINUTE = 60_000;

/** Lists of one plugin, whose sessions last so long. */
function open(sessionMs?: number) {
  const clock = new FakeClock();
  const state = {
    listings: 0,
    config: {} as Record<string, string>,
    accounts: ["1", "2"],
    fails: false,
  };
  const lists = new AccountLists({
    list(): Promise<AccountList> {
      const number = ++state.listings;
      if (state.fails) return Promise.reject(new Error("no network"));
      return Promise.resolve({
        accounts: state.accounts.map((id) => ({
          id,
          credentials: {
            number,
            ...(sessionMs !== undefined && {
              expires_at: new Date(clock.now() + sessionMs).toISOString(),
            }),
          },
        })),
        unreachable: [{ id: "3", code: "Denied", message: "not for you" }],
      });
    },
    config: () => state.config,
    now: () => clock.now(),
    signal: NEVER,
  });
  const number = async () =>
    (await lists.account(PLUGIN, "1", NEVER)).credentials?.["number"];
  return { clock, state, lists, number };
}

Deno.test("AccountLists lists once for all that ask, and again after ten minutes", async () => {
  const { clock, state, number } = open();
  deepStrictEqual(await Promise.all([number(), number(), number()]), [1, 1, 1]);
  clock.advance(10 * MINUTE - 1);
  strictEqual(await number(), 1);
  clock.advance(1);
  deepStrictEqual(await Promise.all([number(), number()]), [2, 2]);
  strictEqual(state.listings, 2);
});

Deno.test("AccountLists gives no credentials that are about to end", async () => {
  const { clock, number } = open(8 * MINUTE);
  strictEqual(await number(), 1);
  clock.advance(3 * MINUTE - 1);
  strictEqual(await number(), 1);
  clock.advance(1);
  strictEqual(await number(), 2);
  const short = open(MINUTE);
  strictEqual(await short.number(), 1);
  strictEqual(await short.number(), 2);
});

Deno.test("AccountLists forgets what another configuration gave", async () => {
  const { state, lists, number } = open();
  strictEqual(await number(), 1);
  deepStrictEqual(lists.known(PLUGIN)?.accounts.map(({ id }) => id), [
    "1",
    "2",
  ]);
  state.config = { role: "other" };
  strictEqual(lists.known(PLUGIN), undefined);
  strictEqual(await number(), 2);
});

Deno.test("AccountLists lists in the background what is not known, and not again at once when it fails", async () => {
  const { clock, state, lists } = open();
  const look = async () => {
    const known = lists.known(PLUGIN);
    await new Promise((resolve) => setTimeout(resolve));
    return known?.accounts.length;
  };
  state.fails = true;
  strictEqual(await look(), undefined);
  strictEqual(await look(), 0);
  strictEqual(state.listings, 1);
  clock.advance(MINUTE);
  state.fails = false;
  strictEqual(await look(), 0);
  strictEqual(await look(), 2);
  strictEqual(state.listings, 2);
  clock.advance(60 * MINUTE);
  state.accounts = ["1", "2", "4"];
  strictEqual(await look(), 2);
  strictEqual(await look(), 3);
  strictEqual(state.listings, 3);
});

Deno.test("AccountLists says why there is no such account", async () => {
  const { lists } = open();
  await rejects(lists.account(PLUGIN, "9", NEVER), {
    code: "task_failed",
    message: 'Cannot work on account "9": plugin "toy" does not list it here',
  });
  await rejects(lists.account(PLUGIN, "3", NEVER), {
    message:
      'Cannot work on account "3": plugin "toy" cannot reach it: not for you',
  });
});

Deno.test("AccountLists keeps no failure, and what it had for those that want it", async () => {
  const { clock, state, number, lists } = open();
  strictEqual(await number(), 1);
  clock.advance(11 * MINUTE);
  state.fails = true;
  await rejects(number(), /no network/);
  strictEqual(lists.known(PLUGIN)?.accounts.length, 2);
  state.fails = false;
  strictEqual(await number(), 3);
});

Deno.test("AccountLists lets who is stopped go, and lists on for the others", async () => {
  const { promise, resolve } = Promise.withResolvers<AccountList>();
  const lists = new AccountLists({
    list: () => promise,
    config: () => ({}),
    signal: NEVER,
  });
  const stop = new AbortController();
  const stopped = lists.list(PLUGIN, stop.signal);
  const other = lists.list(PLUGIN, NEVER);
  stop.abort(new Error("stopped"));
  await rejects(stopped, /stopped/);
  resolve({ accounts: [{ id: "1" }] });
  strictEqual((await other).accounts.length, 1);
});
