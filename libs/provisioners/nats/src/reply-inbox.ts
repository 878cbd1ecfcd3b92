import { createInbox, type Msg } from 'nats';
import type { StoreConnection } from './store-connection.js';

/**
 * Answers to many requests over one subscription, told apart by a number at the end of their subject. The client has the same, with a timer and four promises for each
 * request; on the way of an event that is most of the cost.
 */
export class ReplyInbox {
  private readonly prefix = createInbox();
  private readonly stopListening: () => void;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly connection: StoreConnection,
    private readonly onReply: (token: number, message: Msg) => void,
    private readonly onConnect: () => void,
  ) {
    this.stopListening = connection.listen({ onConnect: () => this.connect() });
    if (connection.isConnected) this.subscribe();
  }

  subject(token: number): string {
    return `${this.prefix}.${token}`;
  }

  close(): void {
    this.stopListening();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  private connect(): void {
    this.unsubscribe?.();
    this.subscribe();
    this.onConnect();
  }

  private subscribe(): void {
    const skipped = this.prefix.length + 1;
    const subscription = this.connection.client.subscribe(`${this.prefix}.*`, {
      callback: (error, message) => {
        // A right that is missing: the connection tells of it.
        if (!error) this.onReply(Number(message.subject.slice(skipped)), message);
      },
    });
    this.unsubscribe = () => subscription.unsubscribe();
  }
}

/** Whether the server answered that nobody listens on the subject of the request. */
export function isNoResponders({ headers, data }: Msg): boolean {
  return data.length === 0 && headers?.code === 503;
}
