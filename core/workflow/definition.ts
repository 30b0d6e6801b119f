/**
 * Workflows as frozen data.
 *
 * @module
 */

/** What happens to the run when a step fails. */
export type OnError = "continue" | "stop";

/** What core does in a step of its own. */
export type OwnWork =
  /** Waits until an event comes. */
  | { readonly type: "wait"; readonly event: string }
  /** Runs lines of the command line. */
  | {
    readonly type: "execute";
    readonly command: string;
    readonly environment: Readonly<Record<string, string>>;
  };

/** One step: everybody who subscribed to its name is asked to act. */
export interface StepDefinition {
  /** Name of the step, and of the message its subscribers get. */
  readonly name: string;
  /**
   * Seconds a subscriber has at least. A subscription that asks for more gets
   * more. Default: 10.
   */
  readonly timeoutSeconds: number;
  /** Default: `continue`. */
  readonly onError: OnError;
  /** What core does in it; nobody else is asked then. Default: nothing. */
  readonly own?: OwnWork;
}

/** A named list of steps. */
export interface WorkflowDefinition {
  /** Its name. */
  readonly name: string;
  /** In their order. */
  readonly steps: readonly StepDefinition[];
  /**
   * What no other run may touch meanwhile: runs whose workflows share a lock
   * wait for each other. A workflow always shares one with itself.
   */
  readonly locks: readonly string[];
  /** Cron expression it runs by until somebody sets another. */
  readonly schedule?: string;
}

/** What {@linkcode defineWorkflow} takes beside the name. */
export interface WorkflowOptions {
  /** Names of the steps, or steps that differ from the default. */
  readonly steps:
    readonly (string | { readonly name: string } & Partial<StepDefinition>)[];
  /** Default: none but its own. */
  readonly locks?: readonly string[];
  /** Default: runs on demand only. */
  readonly schedule?: string;
}

/**
 * Declares a workflow.
 *
 * @throws {TypeError} If there is no step, or two steps share a name.
 */
export function defineWorkflow(
  name: string,
  options: WorkflowOptions,
): WorkflowDefinition {
  const steps = options.steps.map((step) =>
    Object.freeze({
      timeoutSeconds: 10,
      onError: "continue" as const,
      ...(typeof step === "string" ? { name: step } : step),
    })
  );
  const names = new Set(steps.map((step) => step.name));
  if (steps.length === 0 || names.size < steps.length) {
    throw new TypeError(
      `Cannot define workflow "${name}": has ${steps.length} steps of ` +
        `${names.size} names, wanted at least one and no name twice`,
    );
  }
  return Object.freeze({
    name,
    steps: Object.freeze(steps),
    locks: Object.freeze([`workflow:${name}`, ...(options.locks ?? [])]),
    ...(options.schedule !== undefined && { schedule: options.schedule }),
  });
}
