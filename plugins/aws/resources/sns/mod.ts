import type { ResourceDeclaration } from "../../declaration.ts";
import { ENDPOINT } from "./endpoint.ts";
import { PLATFORM_APPLICATION } from "./platform_application.ts";
import { SUBSCRIPTION } from "./subscription.ts";
import { TOPIC } from "./topic.ts";

/** The kinds of SNS. */
export const SNS_RESOURCES: readonly ResourceDeclaration[] = [
  ENDPOINT,
  PLATFORM_APPLICATION,
  SUBSCRIPTION,
  TOPIC,
];
