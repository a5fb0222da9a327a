/** What a bundler gets to see of the client's default entry. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/** Every module that is reachable from `entry`, with its text, and every import that is no file. */
function reach(entry: string): { readonly files: ReadonlyMap<string, string>; readonly packages: ReadonlySet<string> } {
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const visit = (path: string) => {
    if (files.has(path)) return;
    const text = readFileSync(path, 'utf8');
    files.set(path, text);
    for (const [, specifier = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)) {
      if (specifier.startsWith('.')) visit(normalize(join(dirname(path), specifier)));
      else packages.add(specifier);
    }
  };
  visit(entry);
  return { files, packages };
}

test('the default entry imports nothing but itself', () => {
  const { files, packages } = reach('src/client/index.ts');
  assert.deepEqual([...packages], []);
  assert.ok(files.has('src/client/http.ts') && files.has('src/client/endpoints.ts'), 'there was something to walk');
  for (const path of files.keys()) assert.match(path, /^src\/client\/[\w-]+\.ts$/);
});

test('the default entry uses no global that only Node has', () => {
  for (const [path, text] of reach('src/client/index.ts').files) {
    assert.doesNotMatch(text, /\b(process|Buffer|require|setImmediate|__dirname|NodeJS)\b[.(]/, path);
    assert.doesNotMatch(text, /import\.meta/, path);
  }
});

test('the gRPC entry needs two packages and nothing of the server or the runtime', () => {
  const { files, packages } = reach('src/client/grpc.ts');
  const libraries = [...packages].filter((name) => !name.startsWith('node:')).sort();
  assert.deepEqual(libraries, ['@grpc/grpc-js', 'protobufjs']);
  for (const path of files.keys()) assert.match(path, /^src\/client\//);
});
