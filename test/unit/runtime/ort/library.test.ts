import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GatewayError } from '../../../../src/runtime/errors.ts';
import { availableProviders } from '../../../../src/runtime/ort/execution-providers.ts';
import { loadOrtLibrary, packagedLibraryPath } from '../../../../src/runtime/ort/library.ts';

function failsWith(pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof GatewayError && error.code === 'backend_failed' && pattern.test(error.message);
}

test('the packaged library is found and loaded once', () => {
  assert.ok(existsSync(packagedLibraryPath()));
  const library = loadOrtLibrary();
  assert.match(library.version, /^1\.\d+\.\d+$/);
  assert.equal(loadOrtLibrary(packagedLibraryPath()), library);
});

test('a library that is missing is named', () => {
  assert.throws(() => loadOrtLibrary('/no/such/libonnxruntime.so'), failsWith(/no ONNX Runtime library at \/no\/such/));
});

test('a file that is no library is named', () => {
  assert.throws(() => loadOrtLibrary('package.json'), failsWith(/package\.json cannot be loaded as ONNX Runtime/));
});

test('the library stays loaded when garbage is collected', () => {
  const library = loadOrtLibrary();
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let i = 0; i < 5; i++) collect();
  // Would end the process if the library were not there any more.
  assert.ok(availableProviders(library).includes('CPUExecutionProvider'));
});
