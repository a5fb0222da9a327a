/**
 * A small process that writes an audit log, to be killed: each POST appends a line with the path as its request id, and is answered
 * once the line counts as written. Arguments: path of the log, size of a file in bytes.
 */
import { createServer } from 'node:http';
import { AuditLog } from '../../src/server/audit/audit-log.ts';

const [path = '', maxBytes = ''] = process.argv.slice(2);
const { log } = await AuditLog.open({
  path,
  fsync: 'always',
  fsyncIntervalMs: 1000,
  maxBytes: Number(maxBytes),
  maxAgeMs: 0,
  maxFiles: 0,
  about: {},
});
const server = createServer(({ url = '' }, response) => {
  const requestId = url.slice(1);
  // Lines of different lengths, some of them longer than a page of memory.
  const padding = 'x'.repeat(requestId.length % 7 === 0 ? 6000 : 100);
  log
    .append(() => ({ type: 'action', request_id: requestId, padding }))
    .then(
      () => response.end('ok'),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
