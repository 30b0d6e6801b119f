/**
 * Who published a plugin: Ed25519 over its manifest and the hash of its module.
 *
 * @module
 */

import { messageOf, SkymapError } from "../errors.ts";
import { canonicalJson, type Json } from "../json.ts";

/** What is signed. */
export interface SignedPart {
  /** The manifest. */
  readonly manifest: Json;
  /** SHA-256 of the module's text, in hexadecimal digits. */
  readonly sha256: string;
}

/** A signature of a plugin. */
export interface PluginSignature {
  /** Id of the key: see {@linkcode keyId}. */
  readonly key: string;
  /** 64 bytes in base64. */
  readonly value: string;
}

/** Two halves of a key, each as base64. */
export interface SigningKeyPair {
  /** Its id. */
  readonly id: string;
  /** 32 bytes; may be shown to everybody. */
  readonly publicKey: string;
  /** PKCS #8; signs. */
  readonly privateKey: string;
}

const encoder = new TextEncoder();

function bytesOf(part: SignedPart): Uint8Array<ArrayBuffer> {
  const { manifest, sha256 } = part;
  return encoder.encode(
    `skymap plugin 1\n${canonicalJson({ manifest, sha256 })}`,
  );
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(text);
}

/** SHA-256 of a text, in hexadecimal digits. */
export async function sha256Of(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return new Uint8Array(hash).toHex();
}

/**
 * The id of a public key: 16 hexadecimal digits of its SHA-256.
 *
 * @throws {SkymapError} `signature_invalid`, if it is no Ed25519 key.
 */
export async function keyId(publicKey: string): Promise<string> {
  await importPublic(publicKey);
  const hash = await crypto.subtle.digest("SHA-256", decode(publicKey));
  return new Uint8Array(hash).toHex().slice(0, 16);
}

async function importPublic(publicKey: string): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey(
      "raw",
      decode(publicKey),
      "Ed25519",
      false,
      ["verify"],
    );
  } catch (cause) {
    throw new SkymapError(
      "signature_invalid",
      `Cannot read public key "${publicKey}": ${messageOf(cause)}, wanted ` +
        "32 bytes of Ed25519 in base64",
      { cause },
    );
  }
}

/** Makes a new key pair. */
export async function createSigningKey(): Promise<SigningKeyPair> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, [
    "sign",
    "verify",
  ]) as CryptoKeyPair;
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  const secret = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
  const publicKey = new Uint8Array(raw).toBase64();
  return {
    id: await keyId(publicKey),
    publicKey,
    privateKey: new Uint8Array(secret).toBase64(),
  };
}

/** Signs a plugin. */
export async function signPlugin(
  part: SignedPart,
  pair: SigningKeyPair,
): Promise<PluginSignature> {
  const key = await crypto.subtle.importKey(
    "pkcs8",
    decode(pair.privateKey),
    "Ed25519",
    false,
    ["sign"],
  );
  const value = await crypto.subtle.sign("Ed25519", key, bytesOf(part));
  return { key: pair.id, value: new Uint8Array(value).toBase64() };
}

/** Whether a signature is that of the holder of a public key. */
export async function isSignedBy(
  part: SignedPart,
  signature: PluginSignature,
  publicKey: string,
): Promise<boolean> {
  let value: Uint8Array<ArrayBuffer>;
  try {
    value = decode(signature.value);
  } catch {
    return false;
  }
  const key = await importPublic(publicKey);
  return await crypto.subtle.verify("Ed25519", key, value, bytesOf(part));
}
