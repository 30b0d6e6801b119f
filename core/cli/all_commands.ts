/**
 * Every command that comes with core. Each lies in a file of its own below
 * `commands/`.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { AGGREGATE } from "./commands/aggregate.ts";
import { ANCESTORS } from "./commands/ancestors.ts";
import { CONFIGS } from "./commands/configs.ts";
import { COUNT } from "./commands/count.ts";
import { DESCENDANTS } from "./commands/descendants.ts";
import { HEAD } from "./commands/head.ts";
import { HISTORY } from "./commands/history.ts";
import { JQ } from "./commands/jq.ts";
import { HTTP } from "./commands/http.ts";
import { LIMIT } from "./commands/limit.ts";
import { PREDECESSORS } from "./commands/predecessors.ts";
import { SEARCH } from "./commands/search.ts";
import { SORT } from "./commands/sort.ts";
import { SUCCESSORS } from "./commands/successors.ts";
import { TAIL } from "./commands/tail.ts";

/** Every command, in the order of help within its group. */
export const ALL_COMMANDS: readonly Command[] = [
  SEARCH,
  HISTORY,
  SORT,
  LIMIT,
  HEAD,
  TAIL,
  COUNT,
  AGGREGATE,
  PREDECESSORS,
  SUCCESSORS,
  ANCESTORS,
  DESCENDANTS,
  JQ,
  HTTP,
  CONFIGS,
];
