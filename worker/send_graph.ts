import type { CollectOutcome } from "./plugin/host.ts";

/** A collect as the body of a merge request. */
export interface GraphStream {
  /** NDJSON, made as fast as it is read. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** How the collect ended; undefined as long as it has not. */
  readonly outcome: () => CollectOutcome | undefined;
}

/**
 * Turns the lines of a collect into the body of a merge. The last line says
 * that the account was collected whole, unless the plugin failed. When whoever
 * reads it stops, the collect is stopped too.
 */
export function graphStream(
  lines: AsyncGenerator<string, CollectOutcome>,
  collected: { readonly cloud: string; readonly account: string },
): GraphStream {
  const encoder = new TextEncoder();
  let outcome: CollectOutcome | undefined;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller): Promise<void> {
      const next = await lines.next();
      if (next.done !== true) {
        controller.enqueue(encoder.encode(next.value));
        return;
      }
      outcome = next.value;
      const end = outcome.failure === undefined
        ? { type: "end", collected }
        : { type: "end" };
      controller.enqueue(encoder.encode(`${JSON.stringify(end)}\n`));
      controller.close();
    },
    async cancel(reason): Promise<void> {
      await lines.return(reason as CollectOutcome);
    },
  }, { highWaterMark: 1 });
  return { body, outcome: () => outcome };
}

/** A short merge of a few messages, with its last line. */
export function messageStream(
  messages: readonly unknown[],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const text = [...messages, { type: "end" }]
    .map((message) => `${JSON.stringify(message)}\n`).join("");
  return new Blob([text]).stream();
}
