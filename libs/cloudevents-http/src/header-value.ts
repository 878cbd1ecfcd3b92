/**
 * The value of an attribute that came as a header (CloudEvents HTTP binding 1.0.2 section 3.1.3.2): quotes are taken off, `%xx` sequences are
 * decoded, the bytes read as UTF-8. CloudEvents 0.1 wrote JSON strings, which the same rule reads.
 *
 * @param raw the header's value as node:http gives it, one character a byte
 */
export function decodeHeaderValue(raw: string): string {
  if (isPlain(raw)) return raw;
  const unquoted = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"') ? unquote(raw) : raw;
  const bytes = unquoted.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The reverse of `decodeHeaderValue`: what is no visible ASCII character, and `"` and `%`, as `%XX` of its UTF-8 bytes. Half a surrogate pair becomes U+FFFD. */
export function encodeHeaderValue(value: string): string {
  if (isVisibleAscii(value)) return value;
  let encoded = '';
  for (const byte of Buffer.from(value, 'utf8')) {
    const isVisible = byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x25;
    encoded += isVisible ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

function isVisibleAscii(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code <= 0x20 || code >= 0x7f || code === 0x22 || code === 0x25) return false;
  }
  return true;
}

function isPlain(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code === 0x25 || code === 0x22 || code > 0x7e) return false;
  }
  return true;
}

function unquote(value: string): string {
  return value.slice(1, -1).replace(/\\(.)/g, '$1');
}
