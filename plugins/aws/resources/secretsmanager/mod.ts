import type { ResourceDeclaration } from "../../declaration.ts";
import { SECRET } from "./secret.ts";

/** What Secrets Manager keeps, without the secrets themselves. */
export const SECRETSMANAGER_RESOURCES: readonly ResourceDeclaration[] = [
  SECRET,
];
