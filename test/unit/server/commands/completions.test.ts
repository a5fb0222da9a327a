import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { commandNames } from '../../../../src/server/cli.ts';
import { runCheck } from '../../../../src/server/commands/check.ts';
import { COMMAND_OPTIONS } from '../../../../src/server/commands/command-options.ts';
import { runCompletions } from '../../../../src/server/commands/completions.ts';
import { runKeys } from '../../../../src/server/commands/keys.ts';
import { runModels } from '../../../../src/server/commands/models.ts';
import { runPlan } from '../../../../src/server/commands/plan.ts';
import { runPredict } from '../../../../src/server/commands/predict.ts';
import { captured } from '../../../support/command-streams.ts';

test('completions know every command and every key', () => {
  assert.deepEqual(
    Object.keys(COMMAND_OPTIONS).sort(),
    commandNames()
      .map(([name]) => name)
      .sort(),
  );
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { printed, streams } = captured();
    assert.equal(runCompletions([shell], commandNames(), streams), 0);
    for (const [name] of commandNames()) assert.ok(printed.out.includes(name), `${name} for ${shell}`);
    for (const word of ['http-port', 'device-memory', 'new', 'export', 'trajectories', 'trace']) {
      assert.ok(printed.out.includes(word), `${word} for ${shell}`);
    }
  }
  const { printed, streams } = captured();
  assert.equal(runCompletions(['tcsh'], commandNames(), streams), 64);
  assert.match(printed.error, /completions bash\|zsh\|fish\|powershell/);
});

test('a command’s help names the options that are completed, and no others', async () => {
  for (const [name, { options }] of Object.entries(COMMAND_OPTIONS)) {
    // Options that are keys of the configuration are explained by serve.
    const explained = name === 'plan' ? { '--help': '' } : COMMAND_OPTIONS['serve']?.options;
    const expected = Object.keys(options).filter((option) => !Object.hasOwn(explained ?? {}, option));
    const { printed, streams } = captured();
    const env = {};
    const help = {
      predict: () => runPredict({ argv: ['--help'], env, streams }),
      models: () => runModels({ argv: ['--help'], env, streams }),
      check: () => runCheck({ argv: ['--help'], env, streams }),
      plan: () => runPlan(['--help'], streams),
      keys: () => runKeys(['--help'], streams),
    }[name];
    await help?.();
    const shown = [...printed.out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = '']) => option);
    if (help !== undefined) assert.deepEqual(shown.sort(), expected.sort(), name);
  }
});

test('bash completes commands, what follows them, options, and values', () => {
  const { printed, streams } = captured();
  runCompletions(['bash'], commandNames(), streams);
  const complete = (...words: string[]) => {
    const script = `${printed.out}\nCOMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _lam_gateway; echo "\${COMPREPLY[*]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', 'lam-gateway', ...words], { encoding: 'utf8' });
    assert.equal(stderr, '');
    return stdout.trim();
  };
  assert.equal(complete('co'), 'completions');
  assert.equal(complete('keys', ''), 'new');
  assert.equal(complete('keys', 'new', '--max'), '--max-concurrent');
  assert.equal(complete('keys', 'new', '--scopes', 's'), 'scrape');
  assert.equal(complete('predict', 'a.json', '--ur'), '--url');
  assert.equal(complete('--log-level', 'w'), 'warn');
  assert.equal(complete('--http'), '--http-port');
  assert.equal(complete('audit', 'export', '--format', ''), 'steps trajectories ufo');
  assert.equal(complete('check', '--policy-file', 'deploy/pol'), 'deploy/policy.yaml');
});
