/** How one attempt of a call reaches one endpoint: the port that HTTP and gRPC implement. */
import type { Method } from './methods.ts';

export type Attempt = {
  /** The endpoint is told, so that it stops work that nobody waits for; undefined: no deadline. */
  readonly timeoutMs: number | undefined;
  /** Ends the attempt; a transport then fails with its reason. */
  readonly signal: AbortSignal;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
};

/** All methods fail with `LamClientError`. */
export interface Transport extends Disposable {
  unary(method: Method, request: object, attempt: Attempt): Promise<object>;
  serverStream(method: Method, request: object, attempt: Attempt): AsyncGenerator<object>;
  bidiStream(method: Method, requests: AsyncIterable<object>, attempt: Attempt): AsyncGenerator<object>;
  /** Whether the endpoint is ready for calls. */
  isReady(attempt: Attempt): Promise<boolean>;
}

/** Makes the transport to one address. Must not wait for a connection. */
export type Connect = (address: string) => Transport;
