/** Reads a request body up to a limit. */
import { GatewayError } from '../../runtime/index.ts';

/**
 * Throws `payload_too_large` as soon as the body is known to be longer than `maxBytes`; the rest is not read. Throws
 * `cancelled` when the client goes away before the end.
 */
export async function readBody(request: Request, maxBytes: number): Promise<ArrayBuffer | Uint8Array> {
  try {
    return await readUpTo(request, maxBytes);
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown;
    throw new GatewayError('cancelled', 'the connection ended before the body did', { cause: thrown });
  }
}

async function readUpTo(request: Request, maxBytes: number): Promise<ArrayBuffer | Uint8Array> {
  const declared = request.headers.get('content-length');
  // Node holds the client to the length it declares, so this path needs no counting; it is also the faster one.
  if (declared !== null) {
    if (Number(declared) > maxBytes) throw tooLarge(maxBytes);
    return request.arrayBuffer();
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('payload_too_large', `the body is larger than ${maxBytes} bytes`);
}
