/** Servers that fail as networks do: one loses an answer on its way, one accepts and says nothing. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export type CuttingProxy = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  /** How many answers were lost. */
  readonly numCut: number;
  /** Loses the next answer that holds one of these bytes; until it has, everything else passes. */
  cutNext(marker: string): void;
};

/** A TCP proxy: it forwards the request and cuts the connection when the answer comes. */
export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let marker: string | undefined;
  let numCut = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      });
    }
    client.pipe(upstream);
    upstream.on('data', (bytes: Buffer) => {
      if (marker === undefined || !bytes.includes(marker)) return client.write(bytes);
      marker = undefined;
      numCut++;
      return client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get numCut() {
      return numCut;
    },
    cutNext(text) {
      marker = text;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type SilentServer = AsyncDisposable & {
  /** `host:port`. */
  readonly address: string;
  readonly numConnections: number;
};

export async function silentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  let numConnections = 0;
  const server = createServer((socket) => {
    numConnections++;
    sockets.add(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get numConnections() {
      return numConnections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
