import type { ResourceDeclaration } from "../../declaration.ts";
import { JOB } from "./job.ts";
import { VAULT } from "./vault.ts";

/** The kinds of Glacier. */
export const GLACIER_RESOURCES: readonly ResourceDeclaration[] = [
  JOB,
  VAULT,
];
