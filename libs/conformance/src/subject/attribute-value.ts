/**
 * What the header of an attribute says, however it is encoded (CloudEvents HTTP binding 1.0.2 section 3.1.3.2). The bindings of brokers carry values decoded, so that
 * `a b` comes out as `a%20b`; other headers come out as they went in.
 */
export function attributeValue(name: string, raw: string): string {
  if (!name.startsWith('ce-')) return raw;
  const bytes = raw.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
