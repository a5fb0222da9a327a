import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/runtime/index.ts';
import { eventStream } from '../../../../src/server/http/event-stream.ts';

function source(messages: AsyncIterable<object>, controller = new AbortController()) {
  return { messages, signal: controller.signal, onCancel: () => controller.abort(), requestId: () => 'r' };
}

async function* count(to: number, sent: number[] = []) {
  for (let i = 1; i <= to; i++) {
    sent.push(i);
    yield { i, text: 'a\nb' };
  }
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

test('each message is one event on one line', async () => {
  const text = await textOf(eventStream(source(count(2))));
  assert.equal(text, 'data: {"i":1,"text":"a\\nb"}\n\ndata: {"i":2,"text":"a\\nb"}\n\n');
});

test('an error is an event of its own, and the last one', async () => {
  async function* failing() {
    yield* count(1);
    throw new GatewayError('backend_failed', 'broken', { field: 'model' });
  }
  const [, last] = (await textOf(eventStream(source(failing())))).split('\n\n');
  const error = { code: 'backend_failed', message: 'broken', field: 'model', request_id: 'r' };
  assert.equal(last, `event: error\ndata: ${JSON.stringify({ error })}`);
});

test('a client that does not read holds up the messages', async () => {
  const sent: number[] = [];
  const reader = eventStream(source(count(100, sent))).getReader();
  await reader.read();
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(sent.length < 5, `${sent.length} messages were made for a client that read one`);
  await reader.cancel();
});

test('a client that goes away ends the messages', async () => {
  let ended = false;
  async function* endless() {
    try {
      for (;;) yield* count(1);
    } finally {
      ended = true;
    }
  }
  const reader = eventStream(source(endless())).getReader();
  await reader.read();
  await reader.cancel();
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(ended);
});
