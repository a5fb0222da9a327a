/** `lam-gateway predict`: one state out of a JSON file, one action, as a table. */
import { readFileSync } from 'node:fs';
import pino from 'pino';
import { GatewayError, invalid } from '../../runtime/index.ts';
import { ConfigError, type ConfigInput } from '../config.ts';
import { createGateway, type GatewayOptions } from '../gateway.ts';
import type { StartupProgress } from '../startup-progress.ts';
import type { PredictActionResponse } from '../wire/messages.ts';
import { splitArguments } from './arguments.ts';
import { commandConfig } from './command-config.ts';
import { askRemote, remoteOf } from './remote.ts';
import { Spinner } from './spinner.ts';
import { type CommandStreams, EXIT_CONFIG, EXIT_INPUT, EXIT_USAGE, PROCESS_STREAMS } from './streams.ts';
import { formatTable } from './table.ts';

export const PREDICT_USAGE = `lam-gateway predict FILE [--url URL [--key-file FILE]] [--json] [--KEY VALUE]...

Asks for one action. FILE holds a PredictActionRequest as JSON, as for POST /v1/actions:predict; - reads it from stdin.

  --url URL         of a running gateway, http://host:port; without it the models are loaded in this process
  --key-file FILE   holds an API key or a token for that gateway
  --json            print the whole answer
  --KEY VALUE       any key of the configuration, such as --models-dir, when the models are loaded in this process

Exit codes: 0 an action, 1 none, 64 wrong arguments, 66 no such file or no JSON, 78 configuration not acceptable.
`;

const OPTIONS = { flags: ['json', 'help'], values: ['url', 'key-file'] } as const;

export type PredictCommand = {
  readonly argv: readonly string[];
  readonly env: ConfigInput['env'];
  readonly streams?: CommandStreams;
  /** Serve this instead of the models of the configuration. */
  readonly runtime?: NonNullable<GatewayOptions['runtime']>;
};

/** Resolves with the exit code. */
export async function runPredict(options: PredictCommand): Promise<number> {
  const { streams = PROCESS_STREAMS } = options;
  try {
    const { flags, values, positional, config } = splitArguments(options.argv, OPTIONS);
    if (flags.has('help')) {
      streams.out(PREDICT_USAGE);
      return 0;
    }
    const [file] = positional;
    if (file === undefined || positional.length > 1) throw invalid('FILE', 'expected one file, or - for stdin');
    const remote = remoteOf(values);
    const request = readRequest(file);
    const answer = remote
      ? await askRemote(remote, '/v1/actions:predict', request)
      : await askHere(request, { ...options, argv: config });
    const response = answer as PredictActionResponse;
    streams.out(flags.has('json') ? `${JSON.stringify(response, null, 2)}\n` : formatAnswer(response));
    return 0;
  } catch (error) {
    return report(error, streams);
  }
}

function report(error: unknown, streams: CommandStreams): number {
  if (error instanceof ConfigError) {
    streams.error(`lam-gateway predict: the configuration is not acceptable\n${error.message}\n`);
    return EXIT_CONFIG;
  }
  if (!(error instanceof GatewayError)) throw error;
  streams.error(`lam-gateway predict: ${error.message}\n`);
  if (error.details.field === 'FILE' && error.cause !== undefined) return EXIT_INPUT;
  return error.details.field?.startsWith('--') || error.details.field === 'FILE' ? EXIT_USAGE : 1;
}

function readRequest(file: string): object {
  try {
    const request: unknown = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
    if (typeof request !== 'object' || request === null) throw new Error('it is no JSON object');
    return request;
  } catch (cause) {
    const message = `FILE: ${file}: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new GatewayError('invalid_request', message, { field: 'FILE', cause });
  }
}

async function askHere(request: object, { argv, env, runtime }: PredictCommand): Promise<object> {
  const config = commandConfig(argv, env);
  let startup: StartupProgress | undefined;
  using spinner = new Spinner({ text: () => startup?.summary() ?? 'starting' });
  const onStart = (progress: StartupProgress) => {
    startup = progress;
  };
  const logger = pino({ level: 'silent' });
  await using gateway = await createGateway(config, { logger, onStart, isLocal: true, ...(runtime && { runtime }) });
  spinner.clear();
  return await gateway.ask('PredictAction', request);
}

function formatAnswer({ action, confidence, timing, policy, ...response }: PredictActionResponse): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const ms = (name: string, value: number) => `${name} ${value.toFixed(1)} ms`;
  const { render_ms, queue_ms, prefill_ms, decode_ms, total_ms } = timing;
  const { prompt_tokens, cached_tokens, generated_tokens, forced_tokens } = response.usage;
  const parts = [ms('render', render_ms), ms('queue', queue_ms), ms('prefill', prefill_ms), ms('decode', decode_ms)];
  const control =
    action.control_id === '' ? 'none' : `${JSON.stringify(action.control_name)} (id ${action.control_id})`;
  const effect = policy.rule === '' ? policy.effect : `${policy.effect} by ${policy.rule}: ${policy.reason}`;
  return formatTable([
    ['control', control, percent(confidence.control)],
    ['function', action.function || 'none', percent(confidence.function)],
    ['args', JSON.stringify(action.args), percent(confidence.args)],
    ['status', action.status, percent(confidence.status)],
    ['policy', effect],
    ['model', `${response.model}:${response.version}`],
    [
      'tokens',
      `prompt ${prompt_tokens} (${cached_tokens} cached), answer ${generated_tokens} + ${forced_tokens} forced`,
    ],
    ['time', `${ms('total', total_ms)} (${parts.join(', ')})`],
    ...response.warnings.map((warning) => ['warning', warning]),
  ]);
}
