/**
 * Splits a byte stream into lines, all those of a chunk together: as timely as
 * the chunks come, without a turn of the event loop for each line. A last line
 * without an end is given too.
 *
 * @throws {RangeError} If a line is longer than `maxChars`.
 */
export async function* lineBatches(
  source: AsyncIterable<Uint8Array>,
  maxChars: number,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let size = 0;
  for await (const chunk of source) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    const rest = lines.pop() ?? "";
    const [first] = lines;
    if (first !== undefined) {
      lines[0] = parts.join("") + first;
      if (lines.some((line) => line.length > maxChars)) throw tooLong(maxChars);
      parts = [];
      size = 0;
      yield lines;
    }
    if (rest === "") continue;
    size += rest.length;
    if (size > maxChars) throw tooLong(maxChars);
    parts.push(rest);
  }
  const last = parts.join("") + decoder.decode();
  if (last !== "") yield [last];
}

function tooLong(maxChars: number): RangeError {
  return new RangeError(`Cannot read line: longer than ${maxChars} characters`);
}
