/**
 * Changes tags of the resources that come, and passes them on as they are then.
 *
 * @module
 */

import type { NodeJson, TagAnswer, TagChange } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import type { Failure } from "@skymap/lib/plugin";
import { Batch, type Batches } from "../batch.ts";
import { elementsOf } from "../elements_of.ts";
import type { Flow } from "../flow.ts";
import type { LineContext } from "../line_context.ts";
import { exactFiller, type Template } from "../template.ts";
import { plainText } from "../list/plain_text.ts";
import { nodeIds } from "./node_ids.ts";

/** What is done to the tags of each resource. */
export interface TagStep {
  /** Name of the tag. */
  readonly tag: string;
  /** What it is set to. Default: it is taken away. */
  readonly value?: Template;
  /** Whether workers are waited for. */
  readonly isWaited: boolean;
}

/** Resources that are changed at once. */
const AT_ONCE = 400;

/** Failures that are told one by one. */
const MAX_TOLD = 100;

/** Counts what became of resources, and tells what failed. */
class Tally {
  readonly #note: LineContext["note"];
  #asked = 0;
  #failed = 0;

  constructor(note: LineContext["note"]) {
    this.#note = note;
  }

  add(asked: number, failures: readonly (readonly [string, Failure])[]): void {
    this.#asked += asked;
    for (const [id, { message, permission }] of failures) {
      if (++this.#failed > MAX_TOLD) continue;
      const missing = permission === undefined || message.includes(permission)
        ? ""
        : ` (missing permission: ${permission})`;
      const text = message.includes(id)
        ? `${message}${missing}`
        : `${id}: ${message}${missing}`;
      this.#note({ type: "message", level: "error", text: plainText(text) });
    }
  }

  /**
   * Tells how it ended.
   *
   * @throws {SkymapError} `task_failed`, if anything failed.
   */
  end(isWaited: boolean): void {
    const done = this.#asked - this.#failed;
    const tags = `Tags of ${done} resource${done === 1 ? "" : "s"}`;
    this.#note({
      type: "message",
      level: "info",
      text: `${tags} ${isWaited ? "were changed" : "are being changed"}`,
    });
    if (this.#failed === 0) return;
    throw new SkymapError(
      "task_failed",
      `Cannot tag ${this.#failed} of ${this.#asked} resources: ` +
        (this.#failed > MAX_TOLD
          ? `the reasons of the first ${MAX_TOLD} are told above`
          : "the reasons are told above"),
      { details: { failed: this.#failed, of: this.#asked } },
    );
  }
}

/** The change of one node; a failure when the value cannot be made. */
function changeMaker(
  { tag, value }: TagStep,
  { clock, section }: LineContext,
): (node: NodeJson) => TagChange | Failure {
  if (value === undefined) return ({ id }) => ({ id, remove: [tag] });
  const fill = exactFiller(value, { section, nowMs: clock.now() });
  return (node) => {
    const { id, reported } = node;
    const { kind, id: own, name = own } = reported;
    const filled = fill(node as unknown as Json);
    if ("text" in filled) return { id, update: { [tag]: filled.text } };
    return {
      code: "value_missing",
      message: `Cannot tag ${kind} "${name}": it has no ` +
        `"${filled.missing}" for the value`,
    };
  };
}

/**
 * Changes tags of the nodes of the input and gives them as they are then. All of
 * them are changed, also when nobody reads on. What fails fails alone, and the
 * flow fails at its end.
 */
export function tagElements(
  input: Flow | undefined,
  step: TagStep,
  context: LineContext,
): Flow {
  const { batches } = elementsOf(input);
  return { type: "elements", shape: "nodes", batches: tagged(batches) };

  async function* tagged(batches: Batches): AsyncGenerator<Batch> {
    const graph = context.services.graph(context.graph);
    const { signal, note } = context;
    const { isWaited } = step;
    const makeChange = changeMaker(step, context);
    const tally = new Tally(note);
    const change = async (some: readonly string[]): Promise<void> => {
      signal.throwIfAborted();
      const ids = [...new Set(some)];
      const nodes = new Map(
        (await graph.nodes(ids)).map((node) => [node.id, node]),
      );
      const failures: (readonly [string, Failure])[] = [];
      const changes = ids.flatMap((id): TagChange[] => {
        const node = nodes.get(id);
        // That there is none is for the graph to say.
        const made = node === undefined ? { id } : makeChange(node);
        if ("id" in made) return [made];
        failures.push([id, made]);
        return [];
      });
      const answers = await graph.tag(changes, { signal, isWaited });
      tally.add(ids.length, [...failures, ...answers.flatMap(failureOf)]);
    };
    const ids = nodeIds(batches, { name: "tag", atOnce: AT_ONCE });
    let isCut = false;
    try {
      for (;;) {
        const { done, value } = await ids.next();
        if (done) break;
        await change(value);
        yield Batch.ofValues(
          await graph.nodes(value) as unknown as readonly Json[],
        );
      }
    } catch (error) {
      isCut = true;
      throw error;
    } finally {
      // Whoever wants the first resources alone wants all of them tagged.
      if (!isCut && !signal.aborted) {
        for await (const rest of ids) await change(rest);
        tally.end(isWaited);
      }
      await ids.return();
    }
  }
}

function failureOf(
  answer: TagAnswer,
): readonly (readonly [string, Failure])[] {
  return "error" in answer ? [[answer.id, answer.error]] : [];
}
