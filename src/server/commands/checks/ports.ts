/** Whether the gateway could listen where a configuration says. */
import { createServer } from 'node:net';
import type { Config } from '../../config.ts';
import { type Finding, failed, messageOf, ok } from './check.ts';

export async function* checkPorts(config: Config): AsyncGenerator<Finding> {
  yield await port(config, 'httpPort');
  yield await port(config, 'grpcPort');
}

/** Listens there for a moment. */
async function port(config: Config, key: 'httpPort' | 'grpcPort'): Promise<Finding> {
  const number = config[key];
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(number, config.host, resolve);
    });
    return ok(key, number === 0 ? 'any free port' : `${config.host}:${number} is free`);
  } catch (error) {
    return failed(key, `${messageOf(error)}; stop what listens there, or set ${key} or host`);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
