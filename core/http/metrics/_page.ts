/**
 * What a registry tells, for tests.
 *
 * @module
 */

import { Registry } from "prom-client";
import { pageText, registryBlocks } from "@skymap/lib/pages";

/** A registry, and the samples whose name begins so. */
export class TestRegistry extends Registry {
  /** Sorted lines, without the first part of their names. */
  async lines(prefix = ""): Promise<readonly string[]> {
    const page = await pageText(await registryBlocks(this));
    const start = `skymap_core_${prefix}`;
    return page.split("\n").filter((line) => line.startsWith(start))
      .map((line) => line.slice("skymap_core_".length)).sort();
  }
}
