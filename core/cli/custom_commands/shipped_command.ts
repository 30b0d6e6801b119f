/**
 * What a command that stands for a line and comes with core says.
 *
 * @module
 */

import type { CustomCommand } from "../../config/commands_document.ts";
import type { Example } from "../command.ts";

/** A command that stands for a line, with lines that show it at work. */
export interface ShippedCommand extends CustomCommand {
  /** Lines that run on the demo graph. */
  readonly examples: readonly Example[];
}
