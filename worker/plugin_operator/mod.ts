/**
 * What an operator does with plugins: each command talks to a core.
 *
 * @module
 */

import type { PluginCommands } from "../plugin_command.ts";
import { ADD } from "./add.ts";
import { APPROVE } from "./approve.ts";
import { AUDIT } from "./audit.ts";
import { DISABLE } from "./disable.ts";
import { ENABLE } from "./enable.ts";
import { KEYS } from "./keys.ts";
import { LIST } from "./list.ts";
import { POLICY } from "./policy.ts";
import { REMOVE } from "./remove.ts";
import { ROLLBACK } from "./rollback.ts";
import { SHOW } from "./show.ts";
import { UPDATE } from "./update.ts";

/** Commands of the operator, by name. */
export const OPERATOR_COMMANDS: PluginCommands = {
  add: ADD,
  list: LIST,
  show: SHOW,
  audit: AUDIT,
  approve: APPROVE,
  enable: ENABLE,
  disable: DISABLE,
  update: UPDATE,
  rollback: ROLLBACK,
  remove: REMOVE,
  policy: POLICY,
  keys: KEYS,
};
