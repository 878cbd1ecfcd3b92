import type { Duplex } from 'node:stream';
import type { IntakeExchange } from './intake-exchange.js';
import type { IntakeStatus } from './intake-statuses.js';

const ANSWERS: Readonly<Record<string, readonly [status: `${IntakeStatus} ${string}`, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not come in whole in time.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers of the request are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'The chunk extensions of the request are too large.'],
};
const MALFORMED = ['400 Bad Request', 'The request is no well-formed HTTP/1.1.'] as const;

/**
 * Answers what is no HTTP request (malformed, smuggled, too large, too slow) and closes its connection.
 *
 * @param exchange the last request on the connection, if any; the fault is answered only where that cannot be taken for the answer to another request
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  exchange: IntakeExchange | undefined,
): void {
  const canAnswer = exchange === undefined || exchange.canBlameConnection;
  if (!canAnswer || !socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, message] = ANSWERS[error.code ?? ''] ?? MALFORMED;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(message) + 1}\r\n\r\n${message}\n`,
    () => socket.destroy(),
  );
}
