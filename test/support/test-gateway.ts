/** A gateway on free ports with a fake runtime, for one test; disposing it asserts that nothing is left behind. */
import assert from 'node:assert/strict';
import pino from 'pino';
import type { Runtime, RuntimeObserver } from '../../src/runtime/index.ts';
import { type Config, loadConfig } from '../../src/server/config.ts';
import { createGateway, type Gateway } from '../../src/server/gateway.ts';
import { FakeRuntime } from './fake-runtime.ts';

export type TestGateway = AsyncDisposable & {
  readonly gateway: Gateway;
  readonly runtime: FakeRuntime;
  /** `http://host:port`. */
  readonly http: string;
  /** `host:port`. */
  readonly grpc: string;
};

export type TestGatewayOptions = {
  readonly config?: Partial<Config>;
  readonly runtime?: FakeRuntime;
  /** Gets every line of the log, of whatever level; absent: nothing is logged. */
  readonly log?: (line: string) => void;
};

const LEAK_TIMEOUT_MS = 5000;

/** Small limits and free ports; quiet. */
export function testConfig(overrides: Partial<Config> = {}): Config {
  const argv = ['--http-port=0', '--grpc-port=0', '--log-level=silent', '--slots=2', '--queue-requests=2'];
  const command = loadConfig({ argv, env: {}, readFile: () => '{}' });
  assert.equal(command.type, 'serve');
  return { ...command.config, ...overrides };
}

export async function testGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const runtime = options.runtime ?? new FakeRuntime();
  const open = async (observer: RuntimeObserver): Promise<Runtime> => {
    runtime.observer = observer;
    return runtime;
  };
  const { log } = options;
  const logger = log === undefined ? pino({ level: 'silent' }) : pino({ level: 'trace' }, { write: log });
  const gateway = await createGateway(testConfig(options.config), { logger, runtime: open });
  return {
    gateway,
    runtime,
    http: `http://${gateway.httpAddress}`,
    grpc: gateway.grpcAddress,
    async [Symbol.asyncDispose]() {
      // A request whose client has gone ends a moment later; one that does not end is a leak.
      await gateway.close({ timeoutMs: LEAK_TIMEOUT_MS });
      assert.equal(gateway.requestsInFlight, 0, 'requests are still under way');
      assert.deepEqual(await runtime.stats(), { activeRequests: 0, slotsInUse: 0, nativeHandles: 0 });
      assert.ok(runtime.disposed, 'the runtime was not disposed');
    },
  };
}
