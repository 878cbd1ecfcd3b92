const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);

/**
 * The bytes between the commas of a JSON array or object, white space included, without a copy: its elements, or its members with their names. One
 * that is empty has one part, which is empty or white space.
 *
 * @param text UTF-8 text that JSON.parse has already accepted as an array or an object
 */
export function splitJson(text: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let depth = 0;
  let inString = false;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const byte = text[index] as number;
    if (inString) {
      if (byte === BACKSLASH) index++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (OPENERS.has(byte)) {
      if (depth++ === 0) start = index + 1;
    } else if (CLOSERS.has(byte)) {
      if (--depth === 0) parts.push(text.subarray(start, index));
    } else if (byte === COMMA && depth === 1) {
      parts.push(text.subarray(start, index));
      start = index + 1;
    }
  }
  return parts;
}
