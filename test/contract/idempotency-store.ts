/** What every store for answers to repeats does, as one suite. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type IdempotencyStore, MAX_ANSWER } from '../../src/server/idempotency/store.ts';

export type AnswersUnderTest = {
  readonly name: string;
  /** A store in which there is nothing. */
  readonly open: (windowMs?: number) => Promise<IdempotencyStore>;
};

async function claimed(store: IdempotencyStore, key = 'key', print = 'print'): Promise<string> {
  const claim = await store.claim(key, print);
  assert.equal(claim.type, 'claimed');
  return claim.type === 'claimed' ? claim.token : '';
}

export function idempotencyStoreContract({ name, open }: AnswersUnderTest): void {
  describe(`${name} as a store for answers`, () => {
    it('gives a request to the first, its answer to the others', async () => {
      await using store = await open();
      const token = await claimed(store);
      assert.deepEqual(await store.claim('key', 'print'), { type: 'pending' });
      const answer = '{"text":"Zürich\\n😀"}\nsecond line';
      await store.settle('key', token, answer);
      assert.deepEqual(await store.claim('key', 'print'), { type: 'answered', answer });
    });

    it('tells apart requests that have the same id, under way or answered', async () => {
      await using store = await open();
      const token = await claimed(store);
      assert.deepEqual(await store.claim('key', 'other'), { type: 'conflict' });
      await store.settle('key', token, '{}');
      assert.deepEqual(await store.claim('key', 'other'), { type: 'conflict' });
      await claimed(store, 'other key', 'other');
    });

    it('remembers no failure, so that another request may have the id', async () => {
      await using store = await open();
      await store.settle('key', await claimed(store), undefined);
      await claimed(store, 'key', 'other');
    });

    it('keeps no answer that is too large', async () => {
      await using store = await open();
      await store.settle('key', await claimed(store), 'x'.repeat(MAX_ANSWER + 1));
      await claimed(store);
    });

    it('forgets an answer when its time is up', async () => {
      await using store = await open(1);
      await store.settle('key', await claimed(store), '{}');
      while ((await store.claim('key', 'other')).type === 'conflict')
        await new Promise((resolve) => setTimeout(resolve, 1));
    });

    it('does not let an owner settle what it does not hold', async () => {
      await using store = await open();
      const token = await claimed(store);
      await store.settle('key', 'no such token', '{}');
      assert.deepEqual(await store.claim('key', 'print'), { type: 'pending' });
      await store.settle('key', token, '{}');
      await store.settle('key', token, undefined);
      assert.equal((await store.claim('key', 'print')).type, 'answered');
    });
  });
}
