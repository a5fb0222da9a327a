/** Sends the messages of one stream, some of which are no messages, and checks what comes back until it ends. */
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { PredictActionResponse } from '../../src/server/wire/messages.ts';
import { messageType } from '../../src/server/wire/schema.ts';
import { withoutStructs, withStructs } from '../support/grpc-client.ts';
import { SERVICES } from '../support/rpc-routes.ts';
import { actionProblem, CLEAR_ERRORS, CLEAR_STATUSES } from './answers.ts';
import type { StreamCase, StreamMessage } from './cases.ts';

type StreamAnswer = {
  readonly action?: PredictActionResponse;
  readonly error?: { readonly code: string; readonly message: string; readonly message_number: number };
};

export type StreamReply = {
  readonly answers: readonly StreamAnswer[];
  /** How the stream ended; undefined: well. */
  readonly failure: { readonly status: number; readonly message: string } | undefined;
};

const request = messageType('StreamActionsRequest');
const response = messageType('StreamActionsResponse');

export class StreamClient implements Disposable {
  readonly #client: Client;

  /** `address`: `host:port`. */
  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure());
  }

  /** Resolves when the stream has ended. */
  async send(messages: readonly StreamMessage[], timeoutMs: number): Promise<StreamReply> {
    const call = this.#client.makeBidiStreamRequest(
      `/${SERVICES.StreamActions}`,
      encode,
      (bytes: Buffer) => withoutStructs(response.toObject(response.decode(bytes), { defaults: true })) as StreamAnswer,
      new Metadata(),
      { deadline: Date.now() + timeoutMs },
    );
    for (const message of messages) call.write(message);
    call.end();
    const answers: StreamAnswer[] = [];
    try {
      for await (const answer of call) answers.push(answer as StreamAnswer);
      return { answers, failure: undefined };
    } catch (error) {
      const { code, details } = error as ServiceError;
      return { answers, failure: { status: code, message: details } };
    }
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

function encode(message: StreamMessage): Buffer {
  if (Buffer.isBuffer(message)) return message;
  return Buffer.from(request.encode(request.fromObject(withStructs(message) as object)).finish());
}

/** Of each answer, and of the end. */
export function streamOutcomes({ answers, failure }: StreamReply): readonly string[] {
  const ended = failure === undefined ? [] : [`ended with status ${failure.status}`];
  return [...answers.map(({ error }) => (error ? error.code : 'ok')), ...ended];
}

/** Protobuf has no half of a surrogate pair, which JSON writes escaped. */
function mayBeNoMessage(message: StreamMessage): boolean {
  return Buffer.isBuffer(message) || /\\ud[89a-f]/.test(JSON.stringify(message));
}

/** What must not have happened. Messages are answered in order; outcomes only if something is wrong with them. */
export function streamProblem({ answers, failure }: StreamReply, { messages }: StreamCase): string | undefined {
  const isBroken = messages.some(mayBeNoMessage);
  if (failure !== undefined && !(isBroken && CLEAR_STATUSES.includes(failure.status))) {
    return `the stream ended with status ${failure.status}: ${failure.message}`;
  }
  const errors = new Map(answers.flatMap(({ error }) => (error ? [[error.message_number, error]] : [])));
  const unclear = [...errors.values()].find(({ code, message }) => !CLEAR_ERRORS.includes(code) || message === '');
  if (unclear !== undefined) return `error ${unclear.code}: ${unclear.message}`;
  if (isBroken) return undefined;
  const actions = answers.flatMap(({ action }) => (action ? [action] : []));
  for (const [i, message] of messages.entries()) {
    if (errors.has(i + 1) || Buffer.isBuffer(message) || !('observation' in message)) continue;
    const action = actions.shift();
    const problem = action === undefined ? 'no answer' : actionProblem(action, message.observation);
    if (problem !== undefined) return `message ${i + 1}: ${problem}`;
  }
  return actions.length === 0 ? undefined : 'more answers than observations';
}
