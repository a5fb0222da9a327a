/** `lam-gateway models`: what lies in the models directory, verified; or what a running gateway has loaded. */
import { type FolderReport, GatewayError, inspectModelFolders, invalid } from '../../runtime/index.ts';
import { ConfigError, type ConfigInput } from '../config.ts';
import type { ListModelsResponse } from '../wire/model-messages.ts';
import { splitArguments } from './arguments.ts';
import { commandConfig } from './command-config.ts';
import { askRemote, type Remote, remoteOf } from './remote.ts';
import { Spinner } from './spinner.ts';
import { type CommandStreams, EXIT_CONFIG, EXIT_USAGE, PROCESS_STREAMS } from './streams.ts';
import { formatBytes, formatTable } from './table.ts';

export const MODELS_USAGE = `lam-gateway models [--url URL [--key-file FILE]] [--json] [--KEY VALUE]...

Lists the model folders below --models-dir, and verifies the size and sha256 of every file that their lam.json names.

  --url URL         lists what a running gateway has loaded instead, http://host:port
  --key-file FILE   holds an API key or a token for that gateway
  --json            for programs

Exit codes: 0, 1 a folder is broken or a loaded model is not ready, 64 wrong arguments, 78 configuration not acceptable.
`;

const OPTIONS = { flags: ['json', 'help'], values: ['url', 'key-file'] } as const;

export type ModelsCommand = {
  readonly argv: readonly string[];
  readonly env: ConfigInput['env'];
  readonly streams?: CommandStreams;
};

/** Resolves with the exit code. */
export async function runModels({ argv, env, streams = PROCESS_STREAMS }: ModelsCommand): Promise<number> {
  try {
    const { flags, values, positional, config } = splitArguments(argv, OPTIONS);
    if (flags.has('help')) {
      streams.out(MODELS_USAGE);
      return 0;
    }
    if (positional[0] !== undefined) throw invalid(positional[0], 'not expected');
    const remote = remoteOf(values);
    const listing = remote ? await listLoaded(remote) : await listFolders(config, env);
    streams.out(flags.has('json') ? `${JSON.stringify(listing.json, null, 2)}\n` : formatTable(listing.table));
    return listing.isGood ? 0 : 1;
  } catch (error) {
    if (!(error instanceof GatewayError || error instanceof ConfigError)) throw error;
    streams.error(`lam-gateway models: ${error.message}\n`);
    if (error instanceof ConfigError) return EXIT_CONFIG;
    return error.code === 'invalid_request' ? EXIT_USAGE : 1;
  }
}

type Listing = { readonly table: readonly (readonly string[])[]; readonly json: unknown; readonly isGood: boolean };

async function listFolders(argv: readonly string[], env: ConfigInput['env']): Promise<Listing> {
  const config = commandConfig(argv, env);
  using _spinner = new Spinner({ text: () => `verifying ${config.modelsDir}` });
  const reports: FolderReport[] = [];
  for await (const report of inspectModelFolders(config.modelsDir, config)) reports.push(report);
  if (reports.length === 0) throw new GatewayError('unavailable', `${config.modelsDir} holds no model folder`);
  const rows = reports.map((report) => {
    const head = [`${report.name}:${report.version}`];
    if (!report.isGood) return [...head, '', '', formatBytes(report.bytes), '', `BROKEN: ${report.problem}`];
    const { role, dialect } = report.description;
    const checksums = report.verifiedFiles === 0 ? 'none stated' : `${report.verifiedFiles} ok`;
    return [...head, role, dialect, formatBytes(report.bytes), formatBytes(report.memory.totalBytes), checksums];
  });
  const heading = ['MODEL', 'ROLE', 'DIALECT', 'FILES', 'MEMORY AT MOST', 'CHECKSUMS'];
  return { table: [heading, ...rows], json: reports, isGood: reports.every(({ isGood }) => isGood) };
}

async function listLoaded(remote: Remote): Promise<Listing> {
  const answer = (await askRemote(remote, '/v1/models')) as ListModelsResponse;
  const rows = answer.models.map(({ name, version, role, dialect, state, reason, labels, context_length }) => [
    `${name}:${version}`,
    role,
    dialect,
    String(context_length),
    labels.map(({ label, share }) => `${label} ${Math.round(share * 1000) / 10} %`).join(', '),
    reason === '' ? state : `${state}: ${reason}`,
  ]);
  const heading = ['MODEL', 'ROLE', 'DIALECT', 'CONTEXT', 'LABELS', 'STATE'];
  const isGood = answer.models.every(({ state }) => state === 'ready');
  return { table: [heading, ...rows], json: answer, isGood };
}
