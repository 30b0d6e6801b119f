import assert from "node:assert/strict";
import { SignJWT } from "jose";
import { createToken, loadKey, signingKey, verifyToken } from "./auth.ts";
import { isSkymapError } from "./errors.ts";

const KEY = "a key for tests, made of many letters";

async function tempDir(): Promise<string> {
  return await Deno.makeTempDir({ prefix: "skymap-auth-" });
}

function hasCode(code: Parameters<typeof isSkymapError>[1]) {
  return (error: unknown) => isSkymapError(error, ...(code ? [code] : []));
}

async function forge(
  claims: Record<string, unknown>,
  key = KEY,
): Promise<string> {
  return await new SignJWT(claims).setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(await signingKey(key)));
}

const inAMinute = () => Math.floor(Date.now() / 1000) + 60;

Deno.test("loadKey() makes a key that only its owner can read", async () => {
  const dir = await tempDir();
  const key = await loadKey(dir, { create: true });
  assert.match(key, /^[\w-]{43}$/);
  const { mode } = await Deno.stat(`${dir}/psk`);
  assert.equal((mode ?? 0) & 0o777, 0o600);
  assert.equal(await loadKey(dir), key);
});

Deno.test("loadKey() gives one key to many who start together", async () => {
  const dir = await tempDir();
  const keys = await Promise.all(
    Array.from({ length: 20 }, () => loadKey(dir, { create: true })),
  );
  assert.equal(new Set(keys).size, 1);
  const left = await Array.fromAsync(Deno.readDir(dir));
  assert.deepEqual(left.map((entry) => entry.name), ["psk"]);
});

Deno.test("loadKey() says where it looked", async () => {
  const dir = await tempDir();
  await assert.rejects(
    loadKey(dir),
    (error) =>
      isSkymapError(error, "token_missing") &&
      error.message.includes(`${dir}/psk`),
  );
});

Deno.test("loadKey() refuses a key that could be guessed", async () => {
  const dir = await tempDir();
  await Deno.writeTextFile(`${dir}/psk`, "short\n");
  await assert.rejects(loadKey(dir), hasCode("config_invalid"));
});

Deno.test("loadKey() refuses a directory that it cannot write", async () => {
  await assert.rejects(
    loadKey("/proc/skymap", { create: true }),
    hasCode("data_dir_unusable"),
  );
});

Deno.test("verifyToken() gives back what createToken() was told", async () => {
  for (const role of ["operator", "worker", "metrics", "scraper"] as const) {
    const token = await createToken(KEY, {
      subject: "we`ird \\ näme",
      role,
      ttlSeconds: 60,
    });
    const claims = await verifyToken(KEY, token);
    assert.equal(claims.subject, "we`ird \\ näme");
    assert.equal(claims.role, role);
    const left = claims.expiresAt.getTime() - Date.now();
    assert.ok(left > 58_000 && left <= 60_000, `${left} ms left`);
  }
});

Deno.test("verifyToken() tells an expired token from a wrong one", async () => {
  const old = await createToken(KEY, {
    subject: "a",
    role: "operator",
    ttlSeconds: -1,
  });
  await assert.rejects(verifyToken(KEY, old), hasCode("token_expired"));
  const other = await createToken(KEY + "x", {
    subject: "a",
    role: "operator",
    ttlSeconds: -1,
  });
  await assert.rejects(verifyToken(KEY, other), hasCode("token_invalid"));
});

Deno.test("verifyToken() refuses what createToken() never makes", async () => {
  const good = {
    sub: "w1",
    role: "worker",
    exp: inAMinute(),
    ns: "skymap",
    db: "system",
    ac: "worker",
    id: "worker:`w1`",
  };
  await verifyToken(KEY, await forge(good));
  const { exp: _exp, ...immortal } = good;
  const { role: _role, ...noRole } = good;
  const { id: _id, ...noRecord } = good;
  const cases: [string, Record<string, unknown>][] = [
    ["no end", immortal],
    ["no role", noRole],
    ["no record", noRecord],
    ["unknown role", { ...good, role: "root" }],
    ["another record", { ...good, id: "worker:`w2`" }],
    ["another database", { ...good, db: "graph_main" }],
    ["no name", { ...good, sub: "" }],
    ["control character", { ...good, sub: "a\nb", id: "worker:`a\nb`" }],
  ];
  for (const [name, claims] of cases) {
    await assert.rejects(
      verifyToken(KEY, await forge(claims)),
      hasCode("token_invalid"),
      name,
    );
  }
});

Deno.test("verifyToken() refuses other ways to sign, and none", async () => {
  const part = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("=", "");
  const claims = part({ sub: "a", role: "operator", exp: inAMinute() });
  const unsigned = `${part({ alg: "none" })}.${claims}.`;
  const hs512 = await new SignJWT({ role: "operator" })
    .setProtectedHeader({ alg: "HS512" }).setSubject("a")
    .setExpirationTime("1m")
    .sign(new TextEncoder().encode(await signingKey(KEY)));
  const byPsk = await new SignJWT({ role: "operator" })
    .setProtectedHeader({ alg: "HS256" }).setSubject("a")
    .setExpirationTime("1m").sign(new TextEncoder().encode(KEY));
  for (const token of [unsigned, hs512, byPsk, "", "a.b.c"]) {
    await assert.rejects(verifyToken(KEY, token), hasCode("token_invalid"));
  }
});

Deno.test("createToken() refuses a subject that is no name", async () => {
  for (const subject of ["", "a\u0000b", "x".repeat(129)]) {
    await assert.rejects(
      createToken(KEY, { subject, role: "worker" }),
      RangeError,
    );
  }
});
