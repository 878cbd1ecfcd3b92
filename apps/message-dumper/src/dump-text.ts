import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { StoredEvent } from '@millrace/eventing-api';

const MAX_DATA_CHARACTERS = 200;

/** One line: time of arrival, type, source, id, data. */
export function eventLine(receivedAt: string, event: StoredEvent): string {
  return `${receivedAt} ${event.type} ${event.source} ${event.id} ${shorten(dataText(event))}\n`;
}

/** Everything: headers one a line, then the body, indented where it is JSON. */
export function eventText(receivedAt: string, event: StoredEvent): string {
  const headers = event.headers.flatMap((name, index) =>
    index % 2 === 0 ? [`  ${name}: ${event.headers[index + 1]}\n`] : [],
  );
  const body = indent(bodyText(event.body));
  return `${receivedAt} ${event.type} ${event.source} ${event.id}\n${headers.join('')}${body}\n`;
}

/** A request that holds no event, and why. */
export function requestLine(receivedAt: string, { method, url }: IncomingMessage, fault: string, body: Buffer): string {
  return `${receivedAt} no event: ${method} ${url}: ${fault} ${shorten(bodyText(body))}\n`;
}

function dataText({ mode, body }: StoredEvent): string {
  if (mode === 'binary') return bodyText(body);
  const document = JSON.parse(body.toString()) as { data?: unknown; data_base64?: string };
  if (document.data_base64 !== undefined) return bodyText(Buffer.from(document.data_base64, 'base64'));
  return typeof document.data === 'string' ? document.data : (JSON.stringify(document.data) ?? '');
}

function bodyText(body: Buffer): string {
  return isUtf8(body) ? body.toString() : `<${body.length} bytes that are no text>`;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= MAX_DATA_CHARACTERS) return line;
  return `${line.slice(0, MAX_DATA_CHARACTERS)}… (${line.length} characters)`;
}

function indent(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2).replaceAll(/^/gm, '  ');
  } catch {
    return text.replaceAll(/^/gm, '  ');
  }
}
