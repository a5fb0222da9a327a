/** The process: arguments and environment in, a gateway, signals, an exit code. */
import { readFileSync } from 'node:fs';
import pino from 'pino';
import { type Command, type Config, ConfigError, helpText, loadConfig } from './config.ts';
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import { packageVersion } from './package-root.ts';

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78;

export type ProcessOptions = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Serve this instead of the models of the configuration. */
  readonly runtime?: NonNullable<GatewayOptions['runtime']>;
};

/** Resolves with the exit code once there is nothing left to do. */
export async function runProcess({ argv, env, runtime }: ProcessOptions): Promise<number> {
  let command: Command;
  try {
    command = loadConfig({ argv, env, readFile: (path) => readFileSync(path, 'utf8') });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`lam-gateway: the configuration is not acceptable\n${error.message}\n`);
    return EXIT_CONFIG;
  }
  switch (command.type) {
    case 'help':
      process.stdout.write(helpText());
      return 0;
    case 'version':
      process.stdout.write(`${packageVersion()}\n`);
      return 0;
    case 'print-config':
      process.stdout.write(`${JSON.stringify({ config: command.config, sources: command.sources }, null, 2)}\n`);
      return 0;
    case 'serve':
      return serve(command.config, runtime);
  }
}

async function serve(config: Config, runtime: GatewayOptions['runtime']): Promise<number> {
  const logger = pino({ level: config.logLevel, base: null }, pino.destination({ fd: 2, sync: true }));
  logger.info({ event: 'starting', version: packageVersion(), config });
  let gateway: Gateway;
  try {
    gateway = await createGateway(config, runtime === undefined ? { logger } : { logger, runtime });
  } catch (err) {
    logger.fatal({ event: 'start_failed', err });
    return 1;
  }
  // Before the ready line: whoever reads it may signal at once.
  const stopped = stopSignal();
  const { httpAddress, grpcAddress } = gateway;
  process.stdout.write(`lam-gateway ready http=http://${httpAddress} grpc=${grpcAddress}\n`);
  logger.info({ event: 'ready', http: httpAddress, grpc: grpcAddress });

  const signal = await stopped;
  logger.info({ event: 'draining', signal, timeout_ms: config.drainTimeoutMs });
  const result = await gateway.close({ timeoutMs: config.drainTimeoutMs });
  logger.info({ event: 'closed', result });
  return result === 'drained' ? 0 : 1;
}

/** Resolves at the first signal to stop. Whoever sends a second one wants the process gone, whatever is under way. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let stopping = false;
    const onSignal = (signal: NodeJS.Signals) => {
      if (stopping) process.exit(1);
      stopping = true;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
