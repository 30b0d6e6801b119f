import type { ResourceDeclaration } from "../../declaration.ts";
import { REPOSITORY } from "./repository.ts";

/** The kinds of the Elastic Container Registry, in no order that means anything. */
export const ECR_RESOURCES: readonly ResourceDeclaration[] = [
  REPOSITORY,
];
