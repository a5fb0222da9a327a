import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/** The last column of the threat model: a file of tests, and the title of one in it. */
const REFERENCE = /\| `([a-z0-9/-]+)`: (.+) \|$/;

const threats = readFileSync('docs/security.md', 'utf8')
  .split('| threat | protection |')[1]
  ?.split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| what remains'));

test('every threat has a test, and the test exists', () => {
  assert.ok(threats !== undefined && threats.length > 30);
  for (const threat of threats) {
    const [, file = '', title = ''] = REFERENCE.exec(threat) ?? [];
    assert.notEqual(title, '', threat);
    const path = file.startsWith('contract/') ? `test/${file}.ts` : `test/${file}.test.ts`;
    assert.ok(readFileSync(path, 'utf8').includes(title), `${path} has no test: ${title}`);
  }
});
