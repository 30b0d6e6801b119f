/**
 * What core and subscribers tell each other about an action.
 *
 * @module
 */

import type { JsonObject } from "@skymap/lib/json";

/** Where an action belongs. */
export interface ActionAddress {
  /** Id of the run. */
  readonly task: string;
  /** Name of the step. */
  readonly step: string;
  /** Who acts. */
  readonly subscriber_id: string;
}

/** Asks a subscriber to act. */
export interface ActionMessage {
  /** Tells the message. */
  readonly kind: "action";
  /** Name of the step that the subscriber subscribed to. */
  readonly message_type: string;
  /** Run, step, and when the steps of the run before started. */
  readonly data: {
    readonly task: string;
    readonly step: string;
    readonly timing: Readonly<Record<string, { readonly started_at: number }>>;
  };
}

/** The subscriber has done its part. */
export interface ActionDoneMessage {
  /** Tells the message. */
  readonly kind: "action_done";
  /** Name of the step. */
  readonly message_type: string;
  /** Which action, and what of it. */
  readonly data: ActionAddress;
}

/** The subscriber could not do its part. */
export interface ActionErrorMessage {
  /** Tells the message. */
  readonly kind: "action_error";
  /** Name of the step. */
  readonly message_type: string;
  /** Which action, and what of it. */
  readonly data: ActionAddress & { readonly error: string };
}

/** A line for the log of the run. */
export interface ActionInfoMessage {
  /** Tells the message. */
  readonly kind: "action_info";
  /** Name of the step. */
  readonly message_type: string;
  /** Which action, and what of it. */
  readonly data: ActionAddress & {
    readonly level: "info" | "error";
    readonly message: string;
  };
}

/** How far the subscriber is. */
export interface ActionProgressMessage {
  /** Tells the message. */
  readonly kind: "action_progress";
  /** Name of the step. */
  readonly message_type: string;
  /** Which action, and what of it. */
  readonly data: ActionAddress & {
    /** ISO time. */
    readonly at: string;
    /** `{kind: "progress", name, path, current, total}` or a tree of them. */
    readonly progress: JsonObject;
  };
}

/** What a subscriber may say of an action. */
export type AnswerMessage =
  | ActionDoneMessage
  | ActionErrorMessage
  | ActionInfoMessage
  | ActionProgressMessage;

/** The id of the action of a subscriber: the same however often it is made. */
export function actionId(
  run: string,
  step: string,
  subscriber: string,
): string {
  return `${run}:${step}:${subscriber}`;
}

/** The message that an action stands for; also the `payload` of its row. */
export function actionMessage(
  run: string,
  step: string,
  previous: Readonly<Record<string, number>>,
): ActionMessage {
  return {
    kind: "action",
    message_type: step,
    data: {
      task: run,
      step,
      timing: Object.fromEntries(
        Object.entries(previous).map((
          [name, ms],
        ) => [name, { started_at: ms / 1_000 }]),
      ),
    },
  };
}
