import type { ResourceDeclaration } from "../../declaration.ts";
import { RECORDER } from "./recorder.ts";

/** The kinds of AWS Config, in no order that means anything. */
export const CONFIG_RESOURCES: readonly ResourceDeclaration[] = [
  RECORDER,
];
