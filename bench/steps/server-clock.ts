/**
 * Loaded into the gateway that is measured (`node --import`), ahead of it. Each answer then says for how long the gateway had its
 * request: from the arrival of the headers to the handing over of the trailers, so gRPC's own work is in it, and what client,
 * sockets and waking a process take is not.
 */
import http2, { type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { syncBuiltinESMExports } from 'node:module';
import { INSIDE_TRAILER } from './inside-trailer.ts';

const { createServer } = http2;

Object.assign(http2, {
  createServer(...options: Parameters<typeof createServer>) {
    return createServer(...options).prependListener('stream', watch);
  },
});
syncBuiltinESMExports();

function watch(stream: ServerHttp2Stream): void {
  const startMs = performance.now();
  const sendTrailers = stream.sendTrailers.bind(stream);
  stream.sendTrailers = (headers: OutgoingHttpHeaders) =>
    sendTrailers({ ...headers, [INSIDE_TRAILER]: String(performance.now() - startMs) });
}
