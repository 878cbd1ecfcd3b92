import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from './json-lines.js';

async function* cut(bytes: Uint8Array, cuts: readonly number[]) {
  let start = 0;
  for (const end of [...cuts, bytes.length].sort((a, b) => a - b)) {
    yield bytes.subarray(start, end);
    start = end;
    await Promise.resolve();
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>, maxLineBytes?: number): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of jsonLines(chunks, maxLineBytes)) values.push(value);
  return values;
}

describe('jsonLines', () => {
  it('reads the same values wherever the stream is cut, also inside a character', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }), number: fc.integer() })),
        fc.array(fc.nat(400)),
        fc.boolean(),
        async (values, cuts, endsWithLineFeed) => {
          const text = values.map((value) => JSON.stringify(value)).join('\n') + (endsWithLineFeed ? '\n' : '');
          const bytes = Buffer.from(text);
          const within = cuts.map((at) => Math.min(at, bytes.length));
          expect(await collect(cut(bytes, within))).toEqual(values);
        },
      ),
    );
  });

  it('keeps a character whose bytes come in two chunks', async () => {
    const bytes = Buffer.from('{"name":"Grüße 😀"}\n');
    const inUmlaut = bytes.indexOf('ü') + 1;
    const inEmoji = bytes.indexOf('😀') + 2;
    expect(await collect(cut(bytes, [inUmlaut, inEmoji]))).toEqual([{ name: 'Grüße 😀' }]);
  });

  it('joins a line of several megabytes from small chunks', async () => {
    const value = { text: 'x'.repeat(5_000_000) };
    const bytes = Buffer.from(`${JSON.stringify(value)}\n{"next":true}\n`);
    const cuts = Array.from({ length: bytes.length / 4096 }, (_, index) => index * 4096);
    expect(await collect(cut(bytes, cuts))).toEqual([value, { next: true }]);
  });

  it('skips empty lines', async () => {
    expect(await collect(cut(Buffer.from('\n{"a":1}\r\n\n{"b":2}\n\n'), []))).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('reports a stream that ends inside a line', async () => {
    await expect(collect(cut(Buffer.from('{"a":1}\n{"b":'), []))).rejects.toThrow(SyntaxError);
  });

  it('gives up on a line that does not end', async () => {
    await expect(collect(cut(Buffer.from('x'.repeat(3000)), [1000, 2000]), 2048)).rejects.toThrow(RangeError);
  });
});
