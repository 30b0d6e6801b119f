import type { ResourceDeclaration } from "../../declaration.ts";
import { STREAM } from "./stream.ts";

/** The kinds of Kinesis. */
export const KINESIS_RESOURCES: readonly ResourceDeclaration[] = [
  STREAM,
];
