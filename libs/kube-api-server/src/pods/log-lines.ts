import type { PodLogOptions } from './pod-log-options.js';

/** The lines of a log file that the options ask for. Each line of the file begins with its RFC 3339 time and a space. */
export function selectLines(lines: readonly string[], { sinceMs, tailLines, timestamps }: PodLogOptions): string[] {
  const recent = sinceMs === undefined ? lines : lines.filter((line) => timeOf(line) >= sinceMs);
  const tail = tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines));
  return timestamps ? [...tail] : tail.map((line) => line.slice(line.indexOf(' ') + 1));
}

function timeOf(line: string): number {
  return Date.parse(line.slice(0, line.indexOf(' ')));
}

/** Splits text into whole lines and the beginning of a line that is not complete yet. */
export function splitLines(text: string): { readonly lines: string[]; readonly rest: string } {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  return { lines, rest };
}
