/** The command line: which command is asked for, and its exit code. */
import type { CommandNames } from './commands/completions.ts';
import type { ServeOptions } from './commands/serve.ts';
import { EXIT_USAGE } from './commands/streams.ts';
import { keepSignalsToStop } from './early-signals.ts';

export type ProcessOptions = ServeOptions;

type Command = {
  /** For --help and completions. */
  readonly summary: string;
  /** Takes the arguments behind the command's name, and resolves with the exit code. */
  readonly run: (options: ProcessOptions) => number | Promise<number>;
};

const serve: Command['run'] = async (options) => {
  keepSignalsToStop();
  return (await import('./commands/serve.ts')).serve(options);
};

/** Modules are loaded when their command is asked for. */
const COMMANDS: Readonly<Record<string, Command>> = {
  serve: { summary: 'serve models over gRPC and HTTP (the default)', run: serve },
  predict: {
    summary: 'ask for one action for a state in a JSON file',
    run: async (options) => (await import('./commands/predict.ts')).runPredict(options),
  },
  models: {
    summary: 'list model folders, verified, or what a running gateway has loaded',
    run: async (options) => (await import('./commands/models.ts')).runModels(options),
  },
  check: {
    summary: 'check that a configuration can work on this machine',
    run: async (options) => (await import('./commands/check.ts')).runCheck(options),
  },
  plan: {
    summary: 'what a model folder takes in memory and how many slots fit',
    run: async ({ argv }) => (await import('./commands/plan.ts')).runPlan(argv),
  },
  keys: {
    summary: 'make API keys',
    run: async ({ argv }) => (await import('./commands/keys.ts')).runKeys(argv),
  },
  audit: {
    summary: 'export training data from audit logs',
    run: async ({ argv }) => (await import('./commands/audit.ts')).runAudit(argv),
  },
  docs: {
    summary: 'print the references of configuration and metrics',
    run: async ({ argv }) => (await import('./commands/docs.ts')).runDocs(argv),
  },
  completions: {
    summary: 'print a completion script for bash, zsh, fish or powershell',
    run: async ({ argv }) => (await import('./commands/completions.ts')).runCompletions(argv, commandNames()),
  },
};

/** Names and summaries, in the order of --help. */
export function commandNames(): CommandNames {
  return Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary]);
}

/** `lam-gateway [COMMAND] [ARGUMENT]...`; without a command: serve. Resolves once there is nothing left to do. */
export async function runProcess(options: ProcessOptions): Promise<number> {
  const [first = ''] = options.argv;
  if (first === '--help' || first === 'help') {
    process.stdout.write(usage());
    return 0;
  }
  if (first === '' || first.startsWith('-')) return serve(options);
  const command = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  if (command === undefined) {
    const known = Object.keys(COMMANDS).join(', ');
    process.stderr.write(`lam-gateway: no command ${JSON.stringify(first)}; there is ${known}\n`);
    return EXIT_USAGE;
  }
  return command.run({ ...options, argv: options.argv.slice(1) });
}

function usage(): string {
  const names = commandNames();
  const width = Math.max(...names.map(([name]) => name.length));
  return [
    'lam-gateway: one grounded UI action per request, over gRPC and HTTP',
    '',
    'Usage: lam-gateway [COMMAND] [OPTION]...',
    '',
    ...names.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Each command explains itself: lam-gateway COMMAND --help. The keys of the configuration: lam-gateway serve --help.',
    '',
  ].join('\n');
}
