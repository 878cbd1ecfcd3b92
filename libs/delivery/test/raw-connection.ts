import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A bare connection to a server of this machine: sends what HTTP clients would not, and shows every byte that comes back. */
export class RawConnection implements Disposable {
  private text = '';

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => (this.text += chunk.toString('latin1')));
    // A reset is one of the answers that are looked for.
    socket.on('error', () => {});
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Everything that came back so far. */
  get received(): string {
    return this.text;
  }

  /** Everything that came back until the server closed the connection. */
  async untilClosed(): Promise<string> {
    if (!this.socket.closed) await once(this.socket, 'close');
    return this.text;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
