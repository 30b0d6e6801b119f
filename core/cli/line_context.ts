/**
 * What a line runs with.
 *
 * @module
 */

import type { CliNote } from "@skymap/lib/client";
import type { Clock } from "../events/clock.ts";
import type { CommandSet } from "./command_set.ts";
import type { Caller, CoreServices } from "./core_services.ts";

/** Variables of a line, such as `graph` and `section`; by their name. */
export type Environment = Readonly<Record<string, string>>;

/** Where the answer is shown. */
export interface Terminal {
  /** Its width. Default: unknown, nothing is cut. */
  readonly columns?: number;
  /** Whether it shows colours. */
  readonly hasColors: boolean;
}

/** What a line runs with. */
export interface LineContext {
  /** The rest of core. */
  readonly services: CoreServices;
  /** Every command, those that were added to this core too. */
  readonly commands: CommandSet;
  /** Who runs it. */
  readonly caller: Caller;
  /** Variables of the line. */
  readonly environment: Environment;
  /** Graph that is meant: `graph` of the environment. */
  readonly graph: string;
  /** Section of relative paths: `section` of the environment. */
  readonly section: string;
  /** IANA name of the time zone of times that a person writes. */
  readonly timeZone: string;
  /** What time it is; `now` of the environment stops it. */
  readonly clock: Clock;
  /** Where the answer is shown. */
  readonly terminal: Terminal;
  /** Files that came with the line, by the name they have in it. */
  readonly files: ReadonlyMap<string, Blob>;
  /** Tells the caller something beside the answer. */
  readonly note: (note: CliNote) => void;
  /** Runs another line with the same context; what it gives is text. */
  readonly runLine: (
    line: string,
    environment?: Environment,
  ) => AsyncIterable<string>;
  /** Stops the line. */
  readonly signal: AbortSignal;
}
