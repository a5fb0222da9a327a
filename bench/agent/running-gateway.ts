/** The gateway to talk to: the one that runs already, or one started for this program and stopped after it. */
import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Where a gateway with default settings listens. */
const DEFAULT_GRPC = '127.0.0.1:50051';
const MAIN = fileURLToPath(new URL('../../src/server/main.js', import.meta.url));

export type RunningGateway = AsyncDisposable & {
  /** host:port for gRPC. */
  readonly grpc: string;
  /** Whether this program started it. */
  readonly started: boolean;
};

/** Uses `address`, else a gateway on the default port, else starts one on free ports. Rejects if it does not get ready. */
export async function runningGateway(address?: string): Promise<RunningGateway> {
  if (address !== undefined) return { grpc: address, started: false, [Symbol.asyncDispose]: async () => {} };
  if (await accepts(DEFAULT_GRPC)) return { grpc: DEFAULT_GRPC, started: false, [Symbol.asyncDispose]: async () => {} };
  return startGateway();
}

export type StartedGateway = RunningGateway & {
  /** Base URL of HTTP. */
  readonly http: string;
  readonly signal: (name: NodeJS.Signals) => void;
};

/** Starts a gateway process of this build on free ports of the loopback interface. `nodeArgs` are for Node. */
export async function startGateway(
  args: readonly string[] = [],
  nodeArgs: readonly string[] = [],
): Promise<StartedGateway> {
  const child = spawn(
    process.execPath,
    [...nodeArgs, MAIN, '--http-port', '0', '--grpc-port', '0', '--log-level', 'warn', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = new Promise<{ http: string; grpc: string }>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^lam-gateway ready http=(\S+) grpc=(\S+)$/.exec(line);
      if (found?.[1] !== undefined && found[2] !== undefined) resolve({ http: found[1], grpc: found[2] });
    });
    child.once('error', reject);
    exited.then((code) => reject(new Error(`the gateway ended with exit code ${code} before it was ready`)), reject);
  });
  const { http, grpc } = await ready;
  return {
    http,
    grpc,
    started: true,
    signal: (name) => void child.kill(name),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function accepts(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
