import type { OwnWork, WorkflowDefinition } from "./definition.ts";

/** The jobs, as those need them who drive runs. */
export interface JobSource {
  /** Workflows of the active jobs that an event starts. */
  startedBy(event: string): readonly WorkflowDefinition[];
  /** The workflow of a job, by the workflow's name. */
  workflow(name: string): WorkflowDefinition | undefined;
}

/** Runs the lines of a job's step. */
export type ExecuteStep = (
  step: {
    readonly run: string;
    readonly workflow: string;
    readonly step: string;
    readonly work: OwnWork & { readonly type: "execute" };
  },
  signal: AbortSignal,
) => Promise<void>;
