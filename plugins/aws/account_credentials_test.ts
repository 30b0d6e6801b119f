import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { Account } from "@skymap/lib/plugin";
import {
  freshCredentials,
  packAccess,
  unpackAccess,
} from "./account_credentials.ts";

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

function account(key: string, minutes?: number): Account {
  return {
    id: "111111111111",
    credentials: packAccess({
      partition: "aws",
      credentials: {
        accessKeyId: key,
        secretAccessKey: "s",
        ...(minutes !== undefined &&
          { expiration: new Date(NOW + minutes * MINUTE) }),
      },
    }),
  };
}

Deno.test("unpackAccess() reads what packAccess() made", () => {
  deepStrictEqual(unpackAccess(account("a", 60)).credentials, {
    accessKeyId: "a",
    secretAccessKey: "s",
    expiration: new Date(NOW + 60 * MINUTE),
  });
  deepStrictEqual(unpackAccess(account("a")).credentials, {
    accessKeyId: "a",
    secretAccessKey: "s",
  });
  throws(() => unpackAccess({ id: "1" }), /carries no access key/);
});

/** Keys of one account, and how often fresh ones were asked for. */
function keysOf(first: Account, ...fresh: readonly (Account | Error)[]) {
  let now = NOW;
  let asked = 0;
  const credentials = freshCredentials(first, () => {
    const next = fresh[asked++];
    return next instanceof Error
      ? Promise.reject(next)
      : Promise.resolve(next ?? first);
  }, () => now);
  return {
    key: async (options?: { renew: boolean }) =>
      (await credentials(options)).accessKeyId,
    after: (minutes: number) => now += minutes * MINUTE,
    asked: () => asked,
  };
}

Deno.test("freshCredentials() renews keys five minutes before they end", async () => {
  const { after, asked, key } = keysOf(account("a", 60), account("b", 120));
  strictEqual(await key(), "a");
  after(55);
  strictEqual(await key(), "a");
  after(1);
  deepStrictEqual(await Promise.all([key(), key()]), ["b", "b"]);
  strictEqual(asked(), 1);
});

Deno.test("freshCredentials() leaves keys alone that do not end", async () => {
  const { after, asked, key } = keysOf(account("a"));
  after(10_000);
  strictEqual(await key(), "a");
  strictEqual(asked(), 0);
});

Deno.test("freshCredentials() renews keys that AWS refuses, once", async () => {
  const { asked, key } = keysOf(account("a"), account("b"));
  strictEqual(await key({ renew: true }), "b");
  strictEqual(await key({ renew: true }), "b");
  strictEqual(asked(), 1);
});

Deno.test("freshCredentials() asks again after it was given none", async () => {
  const { after, key } = keysOf(
    account("a", 3),
    new Error("not now"),
    account("b", 60),
  );
  strictEqual(await key().catch(({ message }) => message), "not now");
  strictEqual(await key(), "a");
  after(1);
  strictEqual(await key(), "b");
});
