import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Config,
  ConfigError,
  type ConfigInput,
  envName,
  flagName,
  helpText,
  loadConfig,
} from '../../../src/server/config.ts';
import { KEYS, type KeyName } from '../../../src/server/config-keys.ts';

function load(input: Partial<ConfigInput>): Config {
  const command = loadConfig({ argv: [], env: {}, readFile: () => '{}', ...input });
  assert.equal(command.type, 'serve');
  return command.config;
}

function problems(input: Partial<ConfigInput>): readonly string[] {
  try {
    load(input);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  assert.fail('accepted');
}

const file = (content: object) => () => JSON.stringify(content);

test('the defaults are acceptable, bind to loopback and are frozen', () => {
  const config = load({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.httpPort, 8080);
  assert.equal(config.maxBodyBytes, 4 * 1024 * 1024);
  assert.ok(Object.isFrozen(config));
});

test('flags override the environment, which overrides the file, which overrides defaults', () => {
  const readFile = file({ slots: 1, threads: 1, queueRequests: 1 });
  const env = { LAM_GATEWAY_CONFIG: 'c.json', LAM_GATEWAY_SLOTS: '2', LAM_GATEWAY_THREADS: '2' };
  const config = load({ argv: ['--slots', '3'], env, readFile });
  assert.deepEqual([config.slots, config.threads, config.queueRequests, config.chunkTokens], [3, 2, 1, 256]);
});

test('every key has one mechanical name in each source', () => {
  assert.equal(flagName('maxBodyBytes'), '--max-body-bytes');
  assert.equal(envName('maxBodyBytes'), 'LAM_GATEWAY_MAX_BODY_BYTES');
  for (const key of Object.keys(KEYS) as KeyName[]) {
    const value = KEYS[key].byDefault;
    const text = Array.isArray(value) ? value.join(',') : String(value);
    assert.deepEqual(load({ argv: [flagName(key), text] })[key], value);
    assert.deepEqual(load({ argv: [`${flagName(key)}=${text}`] })[key], value);
    assert.deepEqual(load({ env: { [envName(key)]: text } })[key], value);
    assert.deepEqual(load({ argv: ['--config', 'c.json'], readFile: file({ [key]: value }) })[key], value);
    assert.ok(helpText().includes(`${flagName(key)} VALUE, ${envName(key)}, "${key}"`));
  }
});

test('every problem is told at once, with its source', () => {
  const found = problems({
    argv: ['stray', '--http-port=x', '--bogus', '1', '--grpc-port'],
    env: { LAM_GATEWAY_LOG_LEVEL: 'loud', LAM_GATEWAY_NOPE: '1', LAM_GATEWAY_CONFIG: 'c.json' },
    readFile: file({ slots: '8', extra: true }),
  });
  for (const start of [
    'flag --bogus: unknown',
    'argument stray: not expected',
    'flag --grpc-port: a value is missing',
    'file c.json, extra: unknown',
    'env LAM_GATEWAY_NOPE: unknown',
    'flag --http-port: expected an integer from 0 to 65535, got "x"',
    'file c.json, slots: expected an integer from 1 to 1024, got "8"',
    'env LAM_GATEWAY_LOG_LEVEL: expected one of trace, ',
  ]) {
    assert.ok(
      found.some((problem) => problem.startsWith(start)),
      `${start} in\n${found.join('\n')}`,
    );
  }
  assert.equal(found.length, 8);
});

test('values that do not fit together are told beside values that are not acceptable, unless these decide it', () => {
  assert.deepEqual(problems({ argv: ['--http-port=99999', '--chunk-tokens=600', '--step-tokens=9', '--slots=0'] }), [
    'flag --http-port: expected an integer from 0 to 65535, got 99999',
    'flag --slots: expected an integer from 1 to 1024, got 0',
    'chunkTokens (flag --chunk-tokens): expected at most stepTokens (9), got 600',
  ]);
});

test('what is left of a configuration that is not acceptable has defaults in place of what was refused', () => {
  assert.throws(
    () => loadConfig({ argv: ['--http-port=x', '--slots=3'], env: {}, readFile: file({}) }),
    ({ remains }: ConfigError) => {
      assert.deepEqual([...(remains?.refused ?? [])], ['httpPort']);
      assert.deepEqual([remains?.config.httpPort, remains?.config.slots], [8080, 3]);
      return true;
    },
  );
});

test('a file that cannot be read or is no object is a problem', () => {
  const argv = ['--config', 'c.json'];
  const missing = () => {
    throw new Error('ENOENT: no such file');
  };
  assert.deepEqual(problems({ argv, readFile: missing }), ['file c.json: ENOENT: no such file']);
  assert.match(problems({ argv, readFile: () => '{' })[0] ?? '', /^file c\.json: /);
  assert.deepEqual(problems({ argv, readFile: () => '[]' }), ['file c.json: expected a JSON object']);
});

test('values that are acceptable alone may not be together', () => {
  assert.match(problems({ argv: ['--slots=8', '--step-tokens=8', '--chunk-tokens=1'] }).join(), /^stepTokens \(flag/);
  assert.match(problems({ argv: ['--chunk-tokens=600'] }).join(), /^chunkTokens/);
  assert.match(problems({ argv: ['--default-deadline-ms=2', '--max-deadline-ms=1'] }).join(), /^defaultDeadlineMs/);
  assert.match(problems({ argv: ['--grpc-port=8080'] }).join(), /^grpcPort/);
  assert.equal(load({ argv: ['--grpc-port=0', '--http-port=0'] }).grpcPort, 0);
});

test('what Kubernetes sets for a service called lam-gateway is no mistake', () => {
  load({
    env: {
      LAM_GATEWAY_SERVICE_HOST: '10.0.0.1',
      LAM_GATEWAY_SERVICE_PORT_HTTP: '8080',
      LAM_GATEWAY_PORT: 'tcp://10.0.0.1:8080',
      LAM_GATEWAY_PORT_8080_TCP_ADDR: '10.0.0.1',
    },
  });
});

test('names in lists are separated by commas', () => {
  assert.deepEqual(load({ argv: ['--execution-providers=cuda, cpu'] }).executionProviders, ['cuda', 'cpu']);
  assert.equal(problems({ argv: ['--execution-providers='] }).length, 1);
});

test('--help and --version are answered whatever else is there', () => {
  for (const [flag, type] of [
    ['--help', 'help'],
    ['--version', 'version'],
  ]) {
    assert.equal(loadConfig({ argv: ['--nonsense', flag ?? ''], env: {}, readFile: () => '' }).type, type);
  }
});

test('sizes may have a unit, in every source', () => {
  const sizes: readonly (readonly [string, number])[] = [
    ['65536', 65_536],
    ['64KiB', 65_536],
    ['256MiB', 268_435_456],
    ['1.5 GiB', 1_610_612_736],
  ];
  for (const [text, bytes] of sizes) {
    assert.equal(load({ argv: ['--prefix-store-bytes', text] }).prefixStoreBytes, bytes);
    assert.equal(load({ env: { LAM_GATEWAY_PREFIX_STORE_BYTES: text } }).prefixStoreBytes, bytes);
    const argv = ['--config', 'c.json'];
    assert.equal(load({ argv, readFile: file({ prefixStoreBytes: text }) }).prefixStoreBytes, bytes);
  }
  for (const text of ['256MB', '-1', '1e9', 'MiB', '']) {
    assert.deepEqual(problems({ argv: [`--prefix-store-bytes=${text}`] }), [
      `flag --prefix-store-bytes: expected 0 to 1099511627776 bytes, for example 256MiB, got ${JSON.stringify(text)}`,
    ]);
  }
});
