/**
 * Every command that comes with core. Each lies in a file of its own below
 * `commands/`.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { AGGREGATE } from "./commands/aggregate.ts";
import { ANCESTORS } from "./commands/ancestors.ts";
import { CHUNK } from "./commands/chunk.ts";
import { CLEAN } from "./commands/clean.ts";
import { CLEANUP } from "./commands/cleanup.ts";
import { CONFIGS } from "./commands/configs.ts";
import { COUNT } from "./commands/count.ts";
import { DESCENDANTS } from "./commands/descendants.ts";
import { DUMP } from "./commands/dump.ts";
import { ECHO } from "./commands/echo.ts";
import { ENV } from "./commands/env.ts";
import { EXPLAIN } from "./commands/explain.ts";
import { FLATTEN } from "./commands/flatten.ts";
import { FORMAT } from "./commands/format.ts";
import { GRAPH } from "./commands/graph.ts";
import { HEAD } from "./commands/head.ts";
import { HELP } from "./commands/help.ts";
import { HISTORY } from "./commands/history.ts";
import { HTTP } from "./commands/http.ts";
import { JOBS } from "./commands/jobs.ts";
import { JQ } from "./commands/jq.ts";
import { JSON_COMMAND } from "./commands/json.ts";
import { KINDS } from "./commands/kinds.ts";
import { LEDGER } from "./commands/ledger.ts";
import { LIMIT } from "./commands/limit.ts";
import { LIST } from "./commands/list.ts";
import { PLUGINS } from "./commands/plugins.ts";
import { PREDECESSORS } from "./commands/predecessors.ts";
import { PROTECT } from "./commands/protect.ts";
import { SEARCH } from "./commands/search.ts";
import { SET_DESIRED } from "./commands/set_desired.ts";
import { SET_METADATA } from "./commands/set_metadata.ts";
import { SLEEP } from "./commands/sleep.ts";
import { SNAPSHOTS } from "./commands/snapshots.ts";
import { SORT } from "./commands/sort.ts";
import { STRUCTURE } from "./commands/structure.ts";
import { SUCCESSORS } from "./commands/successors.ts";
import { SYSTEM } from "./commands/system.ts";
import { TAG } from "./commands/tag.ts";
import { TAIL } from "./commands/tail.ts";
import { TEMPLATES } from "./commands/templates.ts";
import { TIMESERIES } from "./commands/timeseries.ts";
import { UNIQ } from "./commands/uniq.ts";
import { WELCOME } from "./commands/welcome.ts";
import { WORKFLOWS } from "./commands/workflows.ts";
import { WRITE } from "./commands/write.ts";

/** Every command, in the order of help within its group. */
export const ALL_COMMANDS: readonly Command[] = [
  SEARCH,
  HISTORY,
  TIMESERIES,
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
  KINDS,
  TEMPLATES,
  EXPLAIN,
  STRUCTURE,
  LEDGER,
  LIST,
  FORMAT,
  DUMP,
  JQ,
  CHUNK,
  FLATTEN,
  UNIQ,
  WRITE,
  ECHO,
  JSON_COMMAND,
  SLEEP,
  ENV,
  SET_DESIRED,
  SET_METADATA,
  TAG,
  CLEAN,
  PROTECT,
  CLEANUP,
  HTTP,
  JOBS,
  WORKFLOWS,
  CONFIGS,
  GRAPH,
  SNAPSHOTS,
  PLUGINS,
  SYSTEM,
  HELP,
  WELCOME,
];
