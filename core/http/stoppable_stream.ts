/**
 * A body whose making stops when its reader goes.
 *
 * @module
 */

/**
 * Bytes as a stream that asks for the next ones when they are wanted. When the
 * reader goes, `gone` is called at once: what is being made may never come, and a
 * generator alone would be told only when it has.
 */
export function stoppableStream(
  bytes: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  gone: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await bytes.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      gone();
      await bytes.return(undefined);
    },
  }, { highWaterMark: 0 });
}
