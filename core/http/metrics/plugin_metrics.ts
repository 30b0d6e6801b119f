/**
 * What plugins reached for and did not get.
 *
 * @module
 */

import { Counter, type Registry } from "prom-client";
import type { PluginAccessJson } from "@skymap/lib/client";
import { boundedLabel } from "@skymap/lib/pages";

/** Names of permissions that are told apart: workers name them. */
const MAX_PERMISSIONS = 32;

/** Counts refusals. */
export class PluginMetrics {
  readonly #denials;
  readonly #permission = boundedLabel(MAX_PERMISSIONS);

  /** Adds them to a registry. */
  constructor(registry: Registry) {
    this.#denials = new Counter({
      name: "skymap_core_plugin_denials_total",
      help: "What plugins reached for and did not get, as workers tell it",
      labelNames: ["plugin", "permission"],
      registers: [registry],
    });
  }

  /** Counts what a worker tells; plugins are those that core knows. */
  accessed(accesses: readonly PluginAccessJson[]): void {
    for (const { plugin, permission, allowed, count } of accesses) {
      if (allowed) continue;
      const labels = { plugin, permission: this.#permission(permission) };
      this.#denials.inc(labels, count);
    }
  }
}
