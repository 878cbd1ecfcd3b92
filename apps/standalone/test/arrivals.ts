import type { Behaviour, Consumer, ReceivedRequest } from '../../../libs/delivery/test/consumer.js';
import { eventually } from './eventually.js';

/** Id of an event in binary or structured mode. */
export function idOf({ headers, body }: ReceivedRequest): string {
  const { 'ce-id': id } = headers;
  return typeof id === 'string' ? id : (JSON.parse(body.toString()) as { id: string }).id;
}

/** Ids of the events that a consumer was sent, in that order; twice where it was sent one twice. */
export function idsAt({ requests }: Consumer): string[] {
  return requests.map(idOf);
}

/** Waits until a consumer has been sent each of these events, whatever else it was sent. */
export async function arrived(consumer: Consumer, ids: readonly string[]): Promise<void> {
  await eventually(`${ids.length} events have arrived`, () => {
    const seen = new Set(idsAt(consumer));
    return ids.every((id) => seen.has(id)) || undefined;
  });
}

/** Answers each event as `codeOf` says, and notes the ids of those that it has taken. */
export function taking(taken: string[], codeOf: (id: string) => number = () => 200): Behaviour {
  return (response, request) => {
    const id = idOf(request);
    const code = codeOf(id);
    if (code < 300) taken.push(id);
    response.writeHead(code).end();
  };
}
