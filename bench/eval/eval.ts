/** `npm run eval`: the served models on the simulated desktop, through gRPC; one of them, or the whole report. */
import { readOptions, USAGE, UsageError } from './options.ts';
import { report } from './report-run.ts';
import { evaluateOne } from './simple-run.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(USAGE);
  else if (options.mode === 'report') await report(options, (line) => process.stderr.write(`${line}\n`));
  else process.stdout.write(await evaluateOne(options));
} catch (thrown) {
  if (!(thrown instanceof UsageError)) throw thrown;
  process.stderr.write(`${thrown.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
