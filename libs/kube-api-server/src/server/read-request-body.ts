import type { IncomingMessage } from 'node:http';
import { StatusError } from '../rest/status-error.js';

/** The limit of the Kubernetes API server. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/**
 * The whole body of a request. Rejects with 413 where it is too long, once it was read to its end (a client that is still sending would not see
 * the answer), and with the connection's error where it breaks off.
 */
export function readRequestBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) chunks.length = 0;
      else chunks.push(chunk);
    });
    request.on('end', () => {
      if (length <= MAX_BODY_BYTES) resolve(Buffer.concat(chunks));
      else
        reject(new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY_BYTES}`));
    });
    request.on('error', reject);
  });
}
