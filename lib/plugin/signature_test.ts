import { notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  createSigningKey,
  isSignedBy,
  keyId,
  sha256Of,
  signPlugin,
} from "./signature.ts";

const PART = {
  manifest: { name: "inventory", version: "1.0.0", kinds: [{ name: "a" }] },
  sha256: "ab".repeat(32),
};

Deno.test("isSignedBy() knows the holder of the key, and nobody else", async () => {
  const mine = await createSigningKey();
  const other = await createSigningKey();
  const signature = await signPlugin(PART, mine);
  strictEqual(signature.key, mine.id);
  ok(await isSignedBy(PART, signature, mine.publicKey));
  strictEqual(await isSignedBy(PART, signature, other.publicKey), false);
});

Deno.test("isSignedBy() does not care for the order of a manifest's keys", async () => {
  const mine = await createSigningKey();
  const signature = await signPlugin(PART, mine);
  const { name, version, kinds } = PART.manifest;
  const turned = { ...PART, manifest: { kinds, version, name } };
  ok(await isSignedBy(turned, signature, mine.publicKey));
});

Deno.test("isSignedBy() refuses what differs in a single bit", async () => {
  const mine = await createSigningKey();
  const signature = await signPlugin(PART, mine);
  const bytes = Uint8Array.fromBase64(signature.value);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const value = changed.toBase64();
      strictEqual(
        await isSignedBy(PART, { ...signature, value }, mine.publicKey),
        false,
      );
    }),
  );
  for (
    const part of [
      { ...PART, sha256: "ac".repeat(32) },
      { ...PART, manifest: { ...PART.manifest, version: "1.0.1" } },
    ]
  ) strictEqual(await isSignedBy(part, signature, mine.publicKey), false);
});

Deno.test("isSignedBy() takes what is no base64 for no signature", async () => {
  const mine = await createSigningKey();
  for (const value of ["", "?", "AAAA"]) {
    strictEqual(
      await isSignedBy(PART, { key: mine.id, value }, mine.publicKey),
      false,
    );
  }
});

Deno.test("keyId() refuses what is no key", async () => {
  for (const text of ["", "AAAA", "no base64!"]) {
    await rejects(keyId(text), { code: "signature_invalid" });
  }
  notStrictEqual(
    await keyId((await createSigningKey()).publicKey),
    await keyId((await createSigningKey()).publicKey),
  );
});

Deno.test("sha256Of() is the hash that sha256sum prints", async () => {
  strictEqual(
    await sha256Of("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
