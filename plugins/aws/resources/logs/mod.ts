import type { ResourceDeclaration } from "../../declaration.ts";
import { LOG_GROUP } from "./log_group.ts";
import { METRIC_FILTER } from "./metric_filter.ts";

/** The kinds of CloudWatch Logs, in no order that means anything. */
export const LOGS_RESOURCES: readonly ResourceDeclaration[] = [
  LOG_GROUP,
  METRIC_FILTER,
];
