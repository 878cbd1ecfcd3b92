import type { ServerResponse } from 'node:http';

/** A request, read completely. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** A complete answer. */
export interface ApiResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that goes on: a watch, a followed log. */
export interface ApiStream {
  /** Begins to write to `response`; the returned function ends the stream in good order. */
  readonly stream: (response: ServerResponse) => () => void;
}

export type ApiAnswer = ApiResponse | ApiStream;

export function jsonResponse(status: number, body: object): ApiResponse {
  return { status, contentType: 'application/json', body: JSON.stringify(body) };
}
