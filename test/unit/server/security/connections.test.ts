import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import pino from 'pino';
import { Connections } from '../../../../src/server/security/connections.ts';

class FakeSocket extends EventEmitter {
  destroyed = false;
  readonly remoteAddress: string;

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function setUp(maxConnections: number, maxConnectionsPerPeer: number) {
  const lines: string[] = [];
  const clock = { nowMs: 0 };
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const connections = new Connections({ maxConnections, maxConnectionsPerPeer }, logger, () => clock.nowMs);
  const open = (address: string) => {
    const socket = new FakeSocket(address);
    return { socket, admitted: connections.admit(socket as unknown as Socket) };
  };
  return { connections, open, lines, clock };
}

test('connections are bounded by address and in all, and room comes back when one closes', () => {
  const { connections, open } = setUp(3, 2);
  const first = open('a');
  assert.deepEqual([first.admitted, open('a').admitted, open('a').admitted], [true, true, false]);
  assert.deepEqual([open('b').admitted, open('c').admitted], [true, false]);
  assert.deepEqual(connections.refusals, { max_connections: 1, max_connections_per_peer: 1 });
  first.socket.destroy();
  assert.equal(connections.numOpen, 2);
  assert.equal(open('a').admitted, true);
  connections.destroyAll();
  assert.equal(connections.numOpen, 0);
});

test('what is refused is closed at once, and told once in a while with how many there were', () => {
  const { open, lines, clock } = setUp(1, 1);
  open('a');
  assert.ok(open('b').socket.destroyed);
  for (let i = 0; i < 100; i++) open('b');
  assert.equal(lines.length, 1);
  clock.nowMs = 10_000;
  open('b');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).count),
    [1, 101],
  );
});
