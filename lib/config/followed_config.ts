/**
 * A document of core's configuration, as a process that works by it sees it.
 *
 * @module
 */

import type { ActiveConfigJson } from "../client/config_types.ts";
import { messageOf } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { logger } from "../log.ts";

/** What a {@linkcode FollowedConfig} needs. */
export interface FollowedConfigOptions<T> {
  /** Asks core; null when the version is still `unless`. */
  readonly fetch: (
    unless: string | undefined,
    signal: AbortSignal,
  ) => Promise<ActiveConfigJson | null>;
  /** Reads the document; throws what is wrong with it. */
  readonly read: (config: JsonObject) => T;
  /** Told when another one counts than before; not of the one that core gave first. */
  readonly onChange?: (value: T) => void;
}

const log = logger("config");

/**
 * Keeps the last good configuration: when core is away, or a document cannot be
 * used, that one goes on to count, and it is said why.
 */
export class FollowedConfig<T> {
  readonly #options: FollowedConfigOptions<T>;
  #version: string | undefined;
  #value: { readonly good: T } | undefined;
  /** What is wrong with the version that core gave last. */
  #unreadable: unknown;
  /** Why core did not answer the last time. */
  #unasked: unknown;
  #told = "";

  /** Knows nothing yet. */
  constructor(options: FollowedConfigOptions<T>) {
    this.#options = options;
  }

  /**
   * What counts.
   *
   * @throws {SkymapError} Why there is nothing, when there never was.
   */
  get current(): T {
    if (this.#value !== undefined) return this.#value.good;
    throw this.#unreadable ??
      new TypeError("Cannot read the configuration: core was not asked yet");
  }

  /** Whether there is something that counts. */
  get isKnown(): boolean {
    return this.#value !== undefined;
  }

  /** Why what counts may not be what core has now; undefined when it is. */
  get problem(): string | undefined {
    const error = this.#unreadable ?? this.#unasked;
    return error === undefined ? undefined : messageOf(error);
  }

  /**
   * Asks core. A document that cannot be used is kept as the
   * {@linkcode problem}.
   *
   * @throws {SkymapError} If core cannot be asked, and never could.
   */
  async refresh(signal: AbortSignal): Promise<void> {
    try {
      const active = await this.#options.fetch(this.#version, signal);
      this.#unasked = undefined;
      if (active !== null) this.#take(active);
    } catch (error) {
      signal.throwIfAborted();
      if (this.#version === undefined) throw error;
      this.#unasked = error;
    }
    this.#tell();
  }

  #take({ version, config }: ActiveConfigJson): void {
    const { read, onChange } = this.#options;
    const isFirst = this.#version === undefined;
    this.#version = version;
    try {
      const good = read(config);
      this.#value = { good };
      this.#unreadable = undefined;
      if (isFirst) return;
      log.info("The configuration has changed");
      onChange?.(good);
    } catch (error) {
      this.#unreadable = error;
    }
  }

  #tell(): void {
    const { problem: reason = "" } = this;
    if (reason !== "" && reason !== this.#told) {
      log.warn(
        this.#value === undefined
          ? "{reason}"
          : "{reason}; the last good configuration goes on to count",
        { reason },
      );
    }
    this.#told = reason;
  }
}
