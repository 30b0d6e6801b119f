/**
 * Every command that comes with core. Each lies in a file of its own below
 * `commands/`.
 *
 * @module
 */

import type { Command } from "./command.ts";

/** Every command, in the order of help within its group. */
export const ALL_COMMANDS: readonly Command[] = [];
