const LINE_FEED = 0x0a;

/** Longest line accepted. An object is at most a few MB (etcd's limit is 1.5 MB); more means that the other end does not speak lines. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * Parses a stream of JSON values, one a line. Lines are cut as bytes and decoded whole, so neither a chunk that ends inside a character nor one that ends
 * inside a line matters; a long line is joined once. Empty lines are skipped; a last line without line feed counts if it is complete.
 * Throws SyntaxError for a line that is no JSON (a connection cut in mid-line included), RangeError for one that is too long.
 */
export async function* jsonLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<unknown, void, undefined> {
  let unfinished: Uint8Array[] = [];
  let unfinishedBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      unfinished.push(chunk.subarray(start, end));
      start = end + 1;
      const line = textOf(unfinished);
      unfinished = [];
      unfinishedBytes = 0;
      if (line !== '') yield JSON.parse(line);
    }
    if (start === chunk.length) continue;
    unfinished.push(chunk.subarray(start));
    unfinishedBytes += chunk.length - start;
    if (unfinishedBytes > maxLineBytes) throw new RangeError(`A line is longer than ${maxLineBytes} bytes`);
  }
  const last = textOf(unfinished);
  if (last !== '') yield JSON.parse(last);
}

function textOf(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('utf8').trim();
}
