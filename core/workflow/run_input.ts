/**
 * What a run may be told, and what it wants done.
 *
 * @module
 */

import type { RunState } from "@skymap/lib/client";
import type { OwnWork } from "./definition.ts";
import type { JobCall, LogEntry, LogLine, Run, RunAction } from "./run.ts";

/** Somebody who wants to act in a step. */
export interface StepSubscriber {
  /** Id of the subscriber. */
  readonly id: string;
  /** The worker record its actions belong to. */
  readonly worker: string;
  /** Whether the run waits for the answer. */
  readonly wait: boolean;
  /** Seconds it wants. */
  readonly timeoutSeconds: number;
}

/** A job that an event concerns at one moment. */
export interface JobCandidate {
  /** The job's workflow. */
  readonly workflow: string;
  /** Its run that waits for the event. Default: one is to be started. */
  readonly run?: string;
  /** Seconds its lines have. */
  readonly timeoutSeconds: number;
}

/** What a run may be told. */
export type RunInput =
  | {
    readonly type: "start";
    readonly previous?: Readonly<Record<string, number>>;
  }
  | {
    readonly type: "action_done" | "action_failed" | "action_timed_out";
    readonly action: string;
    readonly error?: string;
  }
  | {
    /** All messages of the action so far, the oldest first. */
    readonly type: "action_info";
    readonly action: string;
    readonly infos: readonly Omit<LogEntry, "step" | "source">[];
  }
  | { readonly type: "handler_done"; readonly step: string }
  | {
    readonly type: "handler_failed";
    readonly step: string;
    readonly error: string;
  }
  /** What a run may wait for has happened. */
  | { readonly type: "event"; readonly event: string }
  /** A job has heard of an event of this run; `as` is the run that came of it. */
  | { readonly type: "job_called"; readonly run: string; readonly as: string }
  | {
    readonly type: "job_ended";
    readonly run: string;
    readonly state: "done" | "failed" | "stopped";
    readonly error?: string;
  }
  /** Core was started again while the run was going on. */
  | { readonly type: "restart" }
  /** It stands for another run that was asked for. */
  | { readonly type: "merge"; readonly run: string }
  | { readonly type: "log"; readonly entries: readonly LogEntry[] }
  | { readonly type: "tick" }
  | { readonly type: "stop"; readonly reason: string };

/** What a run wants done. */
export type RunEffect =
  | {
    readonly type: "create_actions";
    readonly step: string;
    readonly actions: readonly RunAction[];
  }
  | {
    /** End those that are still open, and say how each of them really ended. */
    readonly type: "expire_actions";
    readonly actions: readonly string[];
  }
  | { readonly type: "abort_actions"; readonly actions: readonly string[] }
  | { readonly type: "call_jobs"; readonly calls: readonly JobCall[] }
  | {
    readonly type: "run_handler";
    readonly step: string;
    readonly own?: OwnWork;
    /** Seconds it has. Default: as long as any handler. */
    readonly timeoutSeconds?: number;
  }
  | { readonly type: "stop_handler"; readonly step: string }
  | { readonly type: "end"; readonly state: RunState };

/** What the world looks like to a run at one moment. */
export interface RunContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Who subscribed to a step. */
  readonly subscribers: (step: string) => readonly StepSubscriber[];
  /** Steps in which core itself acts. */
  readonly handlers: ReadonlySet<string>;
  /** Which jobs an event concerns. */
  readonly jobs: (event: string) => readonly JobCandidate[];
}

/** What came of an input. */
export interface Transition {
  /** The same object when nothing changed. */
  readonly run: Run;
  /** To be stored together with the run. */
  readonly lines: readonly LogLine[];
  /** To be carried out after the run is stored. */
  readonly effects: readonly RunEffect[];
}
