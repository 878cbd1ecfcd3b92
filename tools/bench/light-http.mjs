// HTTP/1.1 as a producer and a consumer need it and no more: what the load costs is taken from what it measures, for they share the machine's cores.
import { connect, createServer } from 'node:net';

const END_OF_HEADERS = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

/** Cuts what a connection carries into messages. Only for bodies of known length. */
class Messages {
  rest = '';

  /** @param onMessage (head, body) => void, both as latin1 text */
  constructor(onMessage) {
    this.onMessage = onMessage;
  }

  push(chunk) {
    let text = this.rest === '' ? chunk : this.rest + chunk;
    for (;;) {
      const headEnd = text.indexOf(END_OF_HEADERS);
      if (headEnd < 0) break;
      const head = text.slice(0, headEnd);
      const bodyStart = headEnd + END_OF_HEADERS.length;
      const length = CONTENT_LENGTH.exec(head)?.[1];
      if (length === undefined) throw new Error(`A message without Content-Length: ${head}`);
      const bodyEnd = bodyStart + Number(length);
      if (text.length < bodyEnd) break;
      const body = text.slice(bodyStart, bodyEnd);
      text = text.slice(bodyEnd);
      this.onMessage(head, body);
    }
    this.rest = text;
  }
}

/** One connection that sends one request at a time. */
export class LightClient {
  waiting;

  constructor({ hostname, port }, onBreak) {
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.setEncoding('latin1');
    const messages = new Messages((head) => this.waiting(Number(head.slice(9, 12))));
    this.socket.on('data', (chunk) => messages.push(chunk));
    this.socket.on('error', onBreak);
    this.socket.on('close', () => onBreak(new Error('The connection was closed')));
  }

  /** @param onAnswer (status) => void */
  send(request, onAnswer) {
    this.waiting = onAnswer;
    this.socket.write(request, 'latin1');
  }

  close() {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }
}

/** A server that answers each request with 200. @param onRequest (head) => void */
export function lightServer(onRequest) {
  return createServer({ noDelay: true }, (socket) => {
    socket.setEncoding('latin1');
    const messages = new Messages((head) => {
      onRequest(head);
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', 'latin1');
    });
    socket.on('data', (chunk) => messages.push(chunk));
    socket.on('error', () => {});
  });
}
