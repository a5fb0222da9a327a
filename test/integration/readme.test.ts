/** What the README shows of calls is what happens. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import { test } from 'node:test';
import protobuf from 'protobufjs';
import { messageType } from '../../src/server/wire/schema.ts';
import { fakePrediction } from '../support/fake-runtime.ts';
import { ROUTES, type RpcName, SERVICES } from '../support/rpc-routes.ts';
import { runProgram } from '../support/run-program.ts';
import { testGateway } from '../support/test-gateway.ts';

const README = readFileSync('README.md', 'utf8');

/** The one fenced block that holds `part`. */
function block(part: string): string {
  const blocks = [...README.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, text = '']) => text);
  const found = blocks.filter((text) => text.includes(part));
  assert.equal(found.length, 1, part);
  return found[0] ?? '';
}

/** Selects a text in the body, as the shipped model does. */
async function readmeGateway() {
  const gateway = await testGateway();
  gateway.runtime.handler = (state, options) => {
    const body = state.controls.find(({ name }) => name === 'Body');
    assert.ok(body);
    const prediction = fakePrediction(state, options);
    const args = { text: 'Quarterly report' };
    const action = { ...prediction.action, controlId: body.id, controlName: 'Body', function: 'select_text', args };
    return { ...prediction, action, candidates: prediction.candidates.map((one) => ({ ...one, action })) };
  };
  return gateway;
}

test('the JSON answer has the fields that the README shows, in that order', async () => {
  await using gateway = await readmeGateway();
  const [, body = ''] = /-d '(.*)'/s.exec(block('/v1/actions:predict')) ?? [];
  const answer = await fetch(`${gateway.http}/v1/actions:predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(namesIn(await answer.json()), namesIn(JSON.parse(block('"request_id"'))));
});

function namesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [name, ...namesIn(item).map((inner) => `${name}.${inner}`)]);
}

test('the Python program runs with modules that are laid out as protoc does it', async () => {
  await using gateway = await readmeGateway();
  const folder = mkdtempSync(join(tmpdir(), 'lam-readme-'));
  try {
    writeModules(folder);
    const program = block('import grpc').replace('"127.0.0.1:50051"', JSON.stringify(gateway.http));
    const env = { PYTHONPATH: [folder, resolve('test/fixtures/python')].join(delimiter), PYTHONDONTWRITEBYTECODE: '1' };
    const { stdout, stderr } = await runProgram('python3', ['-c', program], env);
    assert.equal(stderr, '');
    assert.equal(stdout, "select_text Body {'text': 'Quarterly report'} CONTINUE\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A module per .proto file, with the messages that this very file declares. */
function writeModules(folder: string): void {
  const declared = messageType('App').parent?.nestedArray ?? [];
  const modules = new Map<string, string[]>();
  const add = (object: protobuf.ReflectionObject, suffix: string, line: string) => {
    const name = `${basename(object.filename ?? '', '.proto')}${suffix}`;
    const lines = modules.get(name) ?? [];
    modules.set(name, [...lines, line]);
  };
  for (const object of declared) {
    if (object instanceof protobuf.Type) {
      const fields = JSON.stringify(object.fieldsArray.map(({ name }) => name));
      add(object, '_pb2', `${object.name} = grpc.message("${object.name}", ${fields})`);
    }
    if (object instanceof protobuf.Service) {
      const names = (Object.keys(ROUTES) as RpcName[]).filter((name) => SERVICES[name].includes(object.name));
      const paths = Object.fromEntries(names.map((name) => [name, ROUTES[name].split(' ')[1]]));
      add(object, '_pb2_grpc', `${object.name}Stub = grpc.stub(${JSON.stringify(paths)})`);
    }
  }
  mkdirSync(join(folder, 'lam/v1'), { recursive: true });
  for (const [name, lines] of modules) {
    writeFileSync(join(folder, 'lam/v1', `${name}.py`), ['import grpc', ...lines, ''].join('\n'));
  }
}
