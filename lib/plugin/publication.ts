/**
 * What is published of a plugin, beside its module: the file `manifest.json`.
 *
 * @module
 */

import { isObject } from "../json.ts";
import type { PluginManifest } from "./contract.ts";
import { manifestFaults } from "./manifest.ts";
import type { PluginSignature } from "./signature.ts";

/** The file that tells what a packed module is. */
export interface PublishedPlugin {
  /** Version of this form. */
  readonly format: 1;
  /** What the module says of itself. */
  readonly manifest: PluginManifest;
  /** Address of the module, relative to this file. */
  readonly module: string;
  /** SHA-256 of the module, in hexadecimal digits. */
  readonly sha256: string;
  /** Size of the module in bytes. */
  readonly size: number;
  /** Address of the lock that it was packed with, relative to this file. */
  readonly lock?: string;
  /** Who published it. */
  readonly signature?: PluginSignature;
}

/** Every fault of what should be a {@linkcode PublishedPlugin}. */
export function publicationFaults(value: unknown): string[] {
  if (!isObject(value)) return ["it is no object"];
  const { format, manifest, module, sha256, size, lock, signature } = value;
  if (format !== 1) return [`its format is ${format}, this Skymap knows 1`];
  const faults = manifestFaults(manifest);
  if (typeof module !== "string" || module === "") {
    faults.push("module is no address");
  }
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) {
    faults.push("sha256 is not 64 hexadecimal digits");
  }
  if (!Number.isSafeInteger(size)) faults.push("size is no number of bytes");
  if (lock !== undefined && typeof lock !== "string") {
    faults.push("lock is no address");
  }
  const isSigned = isObject(signature) &&
    typeof signature["key"] === "string" &&
    typeof signature["value"] === "string";
  if (signature !== undefined && !isSigned) {
    faults.push("signature has no key and value");
  }
  return faults;
}
