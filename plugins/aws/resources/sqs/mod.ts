import type { ResourceDeclaration } from "../../declaration.ts";
import { QUEUE } from "./queue.ts";

/** The kinds of SQS. */
export const SQS_RESOURCES: readonly ResourceDeclaration[] = [
  QUEUE,
];
