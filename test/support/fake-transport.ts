/** Endpoints that answer as a test says, without a network. */
import { LamClientError } from '../../src/client/errors.ts';
import type { Method } from '../../src/client/methods.ts';
import type { Attempt, Connect, Transport } from '../../src/client/transport.ts';

export type Message = Readonly<Record<string, unknown>>;
/** The answer, or an error to throw; `'silence'`: none until the attempt is ended. */
export type Reply = object | LamClientError | 'silence';
export type Script = (request: Message, attempt: Attempt) => Reply;

export type Sent = {
  readonly address: string;
  readonly method: string;
  readonly request: Message;
  readonly attempt: Attempt;
};

export class FakeEndpoints {
  /** Every attempt, in order. */
  readonly sent: Sent[] = [];
  readonly probed: string[] = [];
  /** By address. */
  readonly scripts = new Map<string, Script>();
  readonly unready = new Set<string>();

  readonly connect: Connect = (address): Transport => ({
    unary: (method, request, attempt) => this.#reply({ address, method, request, attempt }),
    serverStream: (method, request, attempt) => this.#stream({ address, method, request, attempt }),
    bidiStream: (method, _requests, attempt) => this.#stream({ address, method, request: {}, attempt }),
    isReady: async () => {
      this.probed.push(address);
      return !this.unready.has(address);
    },
    [Symbol.dispose]: () => {},
  });

  get addresses(): readonly string[] {
    return this.sent.map(({ address }) => address);
  }

  async #reply(call: Incoming): Promise<object> {
    const { address, method, request, attempt } = call;
    this.sent.push({ address, method: method.name, request: request as Message, attempt });
    const reply = this.scripts.get(address)?.(request as Message, attempt) ?? { from: address };
    if (reply instanceof LamClientError) throw reply;
    if (reply !== 'silence') return reply;
    return new Promise((_, reject) => {
      attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason));
    });
  }

  /** The messages of an array one by one; an error among them ends it. */
  async *#stream(call: Incoming): AsyncGenerator<object> {
    const reply = await this.#reply(call);
    for (const message of Array.isArray(reply) ? reply : [reply]) {
      if (message instanceof LamClientError) throw message;
      yield message;
    }
  }
}

type Incoming = {
  readonly address: string;
  readonly method: Method;
  readonly request: object;
  readonly attempt: Attempt;
};

/** Fails as often as said, then answers. */
export function failing(times: number, error: LamClientError): Script {
  let left = times;
  return () => (left-- > 0 ? error : {});
}
