import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that can fall silent without being closed, as when a process is stopped or a cable is pulled. */
export class BreakableLink {
  private readonly pairs: (readonly [Socket, Socket])[] = [];
  private frozen = false;

  private constructor(private readonly server: Server) {}

  static async to(address: string): Promise<BreakableLink> {
    const [host = '', port = ''] = address.split(':');
    const server = createServer();
    const link = new BreakableLink(server);
    server.on('connection', (near) => link.join(near, connect(Number(port), host)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  freeze(): void {
    this.frozen = true;
    this.silence();
  }

  /** What is connected falls silent; who connects anew finds the server well. */
  silence(): void {
    for (const socket of this.pairs.flat()) socket.pause();
  }

  thaw(): void {
    this.frozen = false;
    for (const socket of this.pairs.flat()) socket.resume();
  }

  close(): void {
    this.server.close();
    for (const socket of this.pairs.flat()) socket.destroy();
  }

  private join(near: Socket, far: Socket): void {
    this.pairs.push([near, far]);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (data) => to.write(data));
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
      if (this.frozen) from.pause();
    }
  }
}
