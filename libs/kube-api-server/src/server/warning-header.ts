/** The header by which kubectl prints sentences for the user; empty without any (RFC 7234 section 5.5, code 299). */
export function warningHeader(warnings: readonly string[]): { Warning?: string } {
  if (warnings.length === 0) return {};
  return { Warning: warnings.map((warning) => `299 - "${quotable(warning)}"`).join(', ') };
}

/** Header values take neither line breaks nor characters beyond ASCII. */
function quotable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').replaceAll(/["\\]/g, String.raw`\$&`);
}
