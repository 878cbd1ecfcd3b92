const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);

/**
 * The bytes of each element of a JSON array, without a copy.
 *
 * @param array UTF-8 text that JSON.parse has already accepted as an array that is not empty
 */
export function splitJsonArray(array: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  let depth = 0;
  let inString = false;
  let start = 0;
  for (let index = 0; index < array.length; index++) {
    const byte = array[index] as number;
    if (inString) {
      if (byte === BACKSLASH) index++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (OPENERS.has(byte)) {
      if (depth++ === 0) start = index + 1;
    } else if (CLOSERS.has(byte)) {
      if (--depth === 0) elements.push(array.subarray(start, index));
    } else if (byte === COMMA && depth === 1) {
      elements.push(array.subarray(start, index));
      start = index + 1;
    }
  }
  return elements;
}
