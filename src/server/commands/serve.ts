/** `lam-gateway serve`: arguments and environment in, a gateway, signals, an exit code. */
import { readFileSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import { invariant } from '../../runtime/index.ts';
import { type Command, type Config, ConfigError, helpText, loadConfig } from '../config.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../gateway.ts';
import { packageVersion } from '../package-root.ts';
import { redact } from '../security/redact.ts';
import type { StartupProgress } from '../startup-progress.ts';
import { Spinner } from './spinner.ts';

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78;

export type ServeOptions = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Serve this instead of the models of the configuration. */
  readonly runtime?: NonNullable<GatewayOptions['runtime']>;
};

/** Resolves with the exit code once there is nothing left to do. */
export async function serve({ argv, env, runtime }: ServeOptions): Promise<number> {
  const read = () => loadConfig({ argv, env, readFile: (path) => readFileSync(path, 'utf8') });
  let command: Command;
  try {
    command = read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return refuse(error);
  }
  switch (command.type) {
    case 'help':
      process.stdout.write(helpText());
      return 0;
    case 'version':
      process.stdout.write(`${packageVersion()}\n`);
      return 0;
    case 'print-config':
      process.stdout.write(
        `${JSON.stringify({ config: redact(command.config), sources: command.sources }, null, 2)}\n`,
      );
      return 0;
    case 'serve':
      return run({
        config: command.config,
        readAgain: () => configOf(read()),
        ...(runtime !== undefined && { runtime }),
      });
  }
}

function refuse({ message }: ConfigError): number {
  process.stderr.write(`lam-gateway: the configuration is not acceptable\n${message}\n`);
  return EXIT_CONFIG;
}

function configOf(command: Command): Config {
  invariant('config' in command, 'the same arguments ask for the same command');
  return command.config;
}

type Run = Pick<GatewayOptions, 'runtime'> & {
  readonly config: Config;
  /** The configuration as it is now. Throws {@link ConfigError}. */
  readonly readAgain: () => Config;
};

async function run({ config, readAgain, runtime }: Run): Promise<number> {
  let startup: StartupProgress | undefined;
  const spinner = new Spinner({ text: () => startup?.summary() ?? 'starting' });
  const logger = createLogger(config, spinner);
  logger.info({ event: 'starting', version: packageVersion(), config: redact(config) });
  // Without a listener the signal would end the process.
  process.on('SIGHUP', () => void onReload());
  let onReload = async (): Promise<void> => logger.warn({ event: 'reload_ignored', reason: 'the gateway is starting' });
  let gateway: Gateway;
  try {
    const onStart = (progress: StartupProgress) => {
      startup = progress;
    };
    gateway = await createGateway(config, { logger, onStart, ...(runtime !== undefined && { runtime }) });
  } catch (err) {
    if (err instanceof ConfigError) {
      spinner.clear();
      logger.fatal({ event: 'start_failed', problems: err.problems });
      return refuse(err);
    }
    logger.fatal({ event: 'start_failed', err });
    return 1;
  } finally {
    spinner[Symbol.dispose]();
  }
  onReload = async () => void (await gateway.reload(readAgain));
  // Before the ready line: whoever reads it may signal at once.
  const stopped = stopSignal();
  const { httpAddress, grpcAddress } = gateway;
  const scheme = config.tlsCert === '' ? 'http' : 'https';
  process.stdout.write(`lam-gateway ready http=${scheme}://${httpAddress} grpc=${grpcAddress}\n`);
  logger.info({ event: 'ready', http: httpAddress, grpc: grpcAddress });
  logMemory(gateway, logger);

  const signal = await stopped;
  onReload = async () => logger.warn({ event: 'reload_ignored', reason: 'the gateway is draining' });
  logger.info({ event: 'draining', signal, timeout_ms: config.drainTimeoutMs });
  const result = await gateway.close({ timeoutMs: config.drainTimeoutMs });
  logger.info({ event: 'closed', result });
  return result === 'drained' ? 0 : 1;
}

/** JSON lines on stderr. */
function createLogger({ logLevel }: Config, spinner: Spinner): Logger {
  const stderr = pino.destination({ fd: 2, sync: true });
  const write = (line: string) => {
    spinner.clear();
    stderr.write(line);
  };
  return pino({ level: logLevel, base: null }, { write });
}

/** What the loaded models take at most, in bytes: what an operator compares with the machine. */
function logMemory(gateway: Gateway, logger: Logger): void {
  const budget = gateway.memory();
  if (budget === undefined) return;
  const models = budget.models.map(({ name, version, weightsBytes, kvBytes, prefixStoreBytes, totalBytes }) => ({
    model: `${name}:${version}`,
    weights_bytes: weightsBytes,
    kv_bytes: kvBytes,
    prefix_store_bytes: prefixStoreBytes,
    total_bytes: totalBytes,
  }));
  logger.info({ event: 'memory', max_bytes: budget.maxBytes, total_bytes: budget.totalBytes, models });
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
