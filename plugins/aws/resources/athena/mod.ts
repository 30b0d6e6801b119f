import type { ResourceDeclaration } from "../../declaration.ts";
import { DATA_CATALOG } from "./data_catalog.ts";
import { WORK_GROUP } from "./work_group.ts";

/** The kinds of Athena. */
export const ATHENA_RESOURCES: readonly ResourceDeclaration[] = [
  DATA_CATALOG,
  WORK_GROUP,
];
