import { connect, type ConnectionOptions, type NatsConnection } from 'nats';
import { storeWords } from './store-error.js';

const DIAL_TIMEOUT_MS = 5_000;

const ASKED_FOR_CERTIFICATE =
  'so it is, too, where it asks for a client certificate that it trusts (tls.crt and tls.key in the Secret of tls)';

/** Connects to one of the servers. Rejects where none of them takes us. */
export function dial(options: ConnectionOptions): Promise<NatsConnection> {
  return connect({ ...options, timeout: DIAL_TIMEOUT_MS, noAsyncTraces: true });
}

/**
 * Why `dial` rejected, for people. With TLS 1.3 a server looks at our certificate when we take the connection for made: the client then waits for its first word, and does
 * not hear that it hangs up, nor why.
 */
export function dialFault(error: unknown, { tls }: ConnectionOptions): string {
  const words = storeWords(error);
  return tls && (error as { code?: unknown }).code === 'TIMEOUT' ? `${words}; ${ASKED_FOR_CERTIFICATE}` : words;
}

/** Why no server takes us now; undefined where one does. */
export async function whyNotConnected(options: ConnectionOptions): Promise<string | undefined> {
  try {
    const client = await dial({ ...options, reconnect: false });
    await client.close();
    return undefined;
  } catch (error) {
    return dialFault(error, options);
  }
}
