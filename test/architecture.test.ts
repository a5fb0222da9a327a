/** The import rules of ARCHITECTURE.md, as far as lint cannot see them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

type Source = { readonly path: string; readonly text: string; readonly imports: readonly string[] };

/** Every .ts file below `folder`, with its imports: relative ones as paths from the repository root. */
function sources(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(path, 'utf8');
      const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
      return {
        path,
        text,
        imports: specifiers.map((s) => (s.startsWith('.') ? normalize(join(dirname(path), s)) : s)),
      };
    });
}

const src = sources('src');

/** Files outside `home` that import something for which `isForbidden` holds. */
function importersOutside(home: RegExp, isForbidden: (specifier: string) => boolean): string[] {
  return src.filter(({ path, imports }) => !home.test(path) && imports.some(isForbidden)).map(({ path }) => path);
}

test('there is something to check', () => {
  assert.ok(src.length > 50);
  assert.ok(src.some(({ imports }) => imports.includes('koffi')));
});

test('each library with reach has one home', () => {
  assert.deepEqual(
    importersOutside(/^src\/runtime\/ort\//, (s) => s === 'koffi'),
    [],
  );
  assert.deepEqual(
    importersOutside(/^src\/runtime\/worker\//, (s) => s === 'node:worker_threads'),
    [],
  );
  assert.deepEqual(
    importersOutside(/^src\/server\/http\//, (s) => s === 'hono' || s.startsWith('@hono/')),
    [],
  );
  assert.deepEqual(
    importersOutside(/^src\/(server|client)\/grpc\//, (s) => s.startsWith('@grpc/')),
    [],
  );
  assert.deepEqual(
    importersOutside(/^src\/server\/metrics\/factory\.ts$/, (s) => s === 'prom-client'),
    [],
  );
  assert.deepEqual(
    importersOutside(/^src\/server\/tracing\//, (s) => s.startsWith('@opentelemetry/')),
    [],
  );
  assert.deepEqual(
    importersOutside(/^src\/server\/redis\//, (s) => s === 'redis'),
    [],
  );
});

test('the server sees the runtime through its index only, and the runtime sees no server', () => {
  const inside = (s: string) => s.startsWith('src/runtime/') && s !== 'src/runtime/index.ts';
  assert.deepEqual(importersOutside(/^src\/runtime\//, inside), []);
  assert.deepEqual(
    importersOutside(/^src\/server\//, (s) => s.startsWith('src/server/')),
    [],
  );
});

test('the client knows the messages and nothing of the gateway, and nothing of the gateway knows the client', () => {
  assert.deepEqual(
    importersOutside(/^src\/(server|runtime)\//, (s) => /^src\/(server|runtime)\//.test(s)),
    [],
  );
  assert.deepEqual(
    importersOutside(/^src\/client\//, (s) => s.startsWith('src/client/')),
    [],
  );
  assert.deepEqual(
    importersOutside(/^src\/client\/(grpc\/|grpc\.ts$)/, (s) => s.startsWith('src/client/grpc')),
    [],
  );
});

test('HTTP and gRPC are siblings', () => {
  assert.deepEqual(
    importersOutside(/^src\/server\/(http\/|gateway\.ts)/, (s) => s.startsWith('src/server/http/')),
    [],
  );
  assert.deepEqual(
    importersOutside(/^src\/server\/(grpc\/|gateway\.ts)/, (s) => s.startsWith('src/server/grpc/')),
    [],
  );
});

test('in the runtime, imports point from the thread down to the slots', () => {
  const runtime = (folder: string) => (s: string) => s.startsWith(`src/runtime/${folder}/`);
  assert.deepEqual(
    importersOutside(/^src\/runtime\/((worker|models)\/|(index|open-runtime)\.ts$)/, runtime('worker')),
    [],
  );
  assert.deepEqual(importersOutside(/^src\/runtime\/(worker|ort)\//, runtime('ort')), []);
  const below = src.filter(({ path }) => /^src\/runtime\/(kv|scheduler|grammar|sampling)\//.test(path));
  for (const { path, imports } of below) {
    assert.equal(imports.some(runtime('engine')) && !path.includes('sampling'), false, path);
  }
});

test('src never imports tests or benchmarks', () => {
  assert.deepEqual(
    importersOutside(/^$/, (s) => s.startsWith('test/') || s.startsWith('bench/')),
    [],
  );
});

test('time and chance are arguments where decisions are made', () => {
  for (const { path, text } of src.filter(({ path }) =>
    /^src\/runtime\/(scheduler|kv|grammar|sampling)\//.test(path),
  )) {
    assert.doesNotMatch(text, /Math\.random|Date\.now|hrtime|monotonicMs\(/, path);
  }
});
