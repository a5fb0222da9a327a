/** Which configurations of the memory are acceptable. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadConfig } from '../../../../src/server/config.ts';

function load(...argv: string[]): void {
  loadConfig({ argv, env: {}, readFile: () => '{}' });
}

function problems(...argv: string[]): string {
  try {
    load(...argv);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return '';
}

test('Redis needs a URL, and a URL needs Redis', () => {
  load('--episode-store=redis', '--redis-url=redis://localhost:6379');
  load('--episode-store=redis', '--redis-url=rediss://me@redis.internal/2', '--redis-password-file=/run/secrets/redis');
  assert.match(problems('--episode-store=redis'), /redisUrl .*: expected redis:\/\/host:port/);
  for (const url of ['localhost:6379', 'http://localhost', 'redis://', 'unix:///tmp/redis']) {
    assert.match(problems('--episode-store=redis', `--redis-url=${url}`), /redisUrl .*: expected redis:\/\//, url);
  }
  assert.match(problems('--redis-url=redis://localhost'), /redisUrl .*: not used/);
  assert.match(problems('--redis-password-file=x'), /redisPasswordFile .*: not used/);
});

test('a password in the URL is refused and not repeated', () => {
  const problem = problems('--episode-store=redis', '--redis-url=redis://me:s3cret@localhost');
  assert.match(problem, /redisUrl .*: no password here.*redis:\/\/me:\*\*\*@localhost/);
  assert.doesNotMatch(problem, /s3cret/);
});
