import type { ResourceDeclaration } from "../../declaration.ts";
import { CAPACITY_PROVIDER } from "./capacity_provider.ts";
import { CLUSTER } from "./cluster.ts";
import { CONTAINER_INSTANCE } from "./container_instance.ts";
import { SERVICE } from "./service.ts";
import { TASK } from "./task.ts";
import { TASK_DEFINITION } from "./task_definition.ts";

/** The kinds of the Elastic Container Service, in no order that means anything. */
export const ECS_RESOURCES: readonly ResourceDeclaration[] = [
  CAPACITY_PROVIDER,
  CLUSTER,
  CONTAINER_INSTANCE,
  SERVICE,
  TASK,
  TASK_DEFINITION,
];
