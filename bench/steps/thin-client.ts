/**
 * gRPC over a bare HTTP/2 connection, so that what is timed is the gateway and not a client library: those of other languages take
 * a fraction of what grpc-js does.
 */
import { type ClientHttp2Session, connect } from 'node:http2';
import type { MethodDefinition } from '@grpc/proto-loader';
import { predictActionMethod } from '../agent/action-service.ts';
import { type PredictRequest, type PredictResponse, readAnswer, writeRequest } from '../agent/gateway-client.ts';
import { INSIDE_TRAILER } from './inside-trailer.ts';

/** Compressed or not, and the length (gRPC over HTTP/2: "Length-Prefixed-Message"). */
const PREFIX_BYTES = 5;

export type Timed = {
  readonly answer: PredictResponse;
  /** From the first byte written to the end of the answer; encoding and decoding are not in it. */
  readonly latencyMs: number;
  /** For how long the gateway had it; NaN if it does not tell (see `server-clock.ts`). */
  readonly insideMs: number;
};

type Exchanged = Pick<Timed, 'insideMs'> & { readonly answer: Buffer };

export class ThinClient implements Disposable {
  readonly #session: ClientHttp2Session;
  readonly #method: MethodDefinition<object, object>;

  /** `address` is host:port of a plain-text gRPC port. */
  constructor(address: string) {
    this.#method = predictActionMethod();
    this.#session = connect(`http://${address}`);
  }

  /** Rejects if the gateway does not answer with OK. */
  async predictAction(request: PredictRequest): Promise<Timed> {
    const message = this.#method.requestSerialize(writeRequest(request));
    const framed = Buffer.alloc(PREFIX_BYTES + message.length);
    framed.writeUInt32BE(message.length, 1);
    message.copy(framed, PREFIX_BYTES);
    const startMs = performance.now();
    const { answer, insideMs } = await this.#exchange(framed);
    const latencyMs = performance.now() - startMs;
    return {
      answer: readAnswer(this.#method.responseDeserialize(answer.subarray(PREFIX_BYTES)) as PredictResponse),
      latencyMs,
      insideMs,
    };
  }

  #exchange(framed: Buffer): Promise<Exchanged> {
    return new Promise((resolve, reject) => {
      const headers = {
        ':method': 'POST',
        ':path': this.#method.path,
        'content-type': 'application/grpc',
        te: 'trailers',
      };
      const stream = this.#session.request(headers);
      const pieces: Buffer[] = [];
      let status = 'none';
      let insideMs = Number.NaN;
      const readStatus = (received: Readonly<Record<string, unknown>>) => {
        if (received['grpc-status'] !== undefined)
          status = `${received['grpc-status']} ${received['grpc-message'] ?? ''}`;
        if (received[INSIDE_TRAILER] !== undefined) insideMs = Number(received[INSIDE_TRAILER]);
      };
      stream.on('response', readStatus).on('trailers', readStatus);
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('error', reject);
      stream.on('end', () => {
        if (status.startsWith('0 ')) resolve({ answer: Buffer.concat(pieces), insideMs });
        else reject(new Error(`the gateway answered with gRPC status ${status}`));
      });
      stream.end(framed);
    });
  }

  [Symbol.dispose](): void {
    this.#session.close();
  }
}
