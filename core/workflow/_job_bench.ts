/**
 * Jobs, workflows and a command line of the test's own over a real database.
 *
 * @module
 */

import type { JobDefinitionJson, JobJson, RunJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import { TestWorld } from "../events/test_world.ts";
import { defineWorkflow } from "./definition.ts";
import { WorkflowEngine } from "./engine.ts";
import { ExecuteLines } from "./execute_lines.ts";
import { JobStore } from "./job_store.ts";
import { Jobs } from "./jobs.ts";
import type { RunLineOptions } from "./run_line.ts";
import { Schedules } from "./schedules.ts";

const WORKFLOWS = [
  defineWorkflow("collect", { steps: ["collect", "post_collect", "after"] }),
  defineWorkflow("other", { steps: ["elsewhere"] }),
];

/** A line that was run, with what it was run with. */
export interface Call extends RunLineOptions {
  /** The line. */
  readonly line: string;
}

/** Jobs over a control plane. */
export class JobBench implements AsyncDisposable {
  /** The control plane. */
  readonly world: TestWorld;
  /** Runs them. */
  engine: WorkflowEngine;
  /** The jobs. */
  jobs: Jobs;
  /** Looks at the clock, as a minute does. */
  beat: () => Promise<void> = () => Promise.resolve();
  /** Lines that were run, shared with the benches after a restart. */
  readonly calls: Call[];
  /** What lines do: by default they end with no output. */
  readonly lines: Map<
    string,
    (options: RunLineOptions) => AsyncIterable<string>
  >;

  private constructor(world: TestWorld, before: JobBench | undefined) {
    this.world = world;
    this.calls = before?.calls ?? [];
    this.lines = before?.lines ?? new Map();
    // Set by open(), at once.
    this.engine = undefined as never;
    this.jobs = undefined as never;
  }

  /** Opens an empty control plane, or one as an earlier core left it. */
  static async open(before?: JobBench): Promise<JobBench> {
    const world = before === undefined
      ? await TestWorld.open()
      : await TestWorld.again(before.world.db, before.world.clock);
    if (before === undefined) await world.db.query("DELETE job");
    const bench = new JobBench(world, before);
    const { db, clock } = world;
    const store = await JobStore.open(db);
    const schedules = await Schedules.open({
      db,
      clock,
      workflows: WORKFLOWS,
      heartbeat: (callback) => {
        bench.beat = callback;
        return { [Symbol.dispose]() {} };
      },
    });
    const execute = new ExecuteLines({
      runLine: (line, options) => {
        bench.calls.push({ line, ...options });
        return bench.lines.get(line)?.(options) ?? silence();
      },
      log: (run, entries) => bench.engine.appendLog(run, entries),
    });
    bench.engine = new WorkflowEngine({
      db,
      clock,
      subscribers: world.subscribers,
      actions: world.actions,
      workflows: WORKFLOWS,
      schedules,
      jobs: store,
      execute: execute.execute,
      progress: (run) => execute.progress(run),
    });
    bench.jobs = await Jobs.open({
      store,
      schedules,
      clock,
      engine: bench.engine,
      checkLine: (line) =>
        line.startsWith("wrong")
          ? Promise.reject(new SkymapError("usage", `Cannot read "${line}"`))
          : Promise.resolve(),
    });
    await bench.engine.start();
    return bench;
  }

  /** Ends this core and starts the next one over the same database. */
  async restart(): Promise<JobBench> {
    await this[Symbol.asyncDispose]();
    return await JobBench.open(this);
  }

  /** Adds a job. */
  put(id: string, wanted: Partial<JobDefinitionJson> = {}): Promise<JobJson> {
    return this.jobs.put(id, { command: id, ...wanted });
  }

  /** Lets a line go on until the answer is called, or it is stopped. */
  hold(line: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.lines.set(line, async function* ({ signal }) {
      const { promise: stopped, reject } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => reject(signal.reason));
      stopped.catch(() => {});
      yield "begun\n";
      await Promise.race([promise, stopped]);
      yield "ended\n";
    });
    return resolve;
  }

  /** Waits until a run is in a state. */
  reaches(id: string, state: RunJson["state"]): Promise<RunJson> {
    return until(async () => {
      const run = await this.engine.get(id);
      return run?.state === state && run;
    }, { what: `run ${id} to be ${state}` });
  }

  /** The runs of a job, the newest first. */
  runsOf(id: string): Promise<readonly RunJson[]> {
    return this.engine.runs({ workflow: `job:${id}` });
  }

  /** Waits until a job has so many runs that have ended. */
  ended(id: string, count: number): Promise<readonly RunJson[]> {
    return until(async () => {
      const runs = await this.runsOf(id);
      return runs.length === count && runs.every((each) => each.ended_at) &&
        runs;
    }, { what: `${count} ended runs of ${id}` });
  }

  /** What the log of a run says. */
  async messages(id: string): Promise<readonly string[]> {
    return (await this.engine.log(id)).map((line) => line.message);
  }

  /** How often a line was run. */
  count(line: string): number {
    return this.calls.filter((each) => each.line === line).length;
  }

  /** Ends it; the rows stay. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
    await this.world[Symbol.asyncDispose]();
  }
}

async function* silence(): AsyncGenerator<string> {}
