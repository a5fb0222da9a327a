/** What every store for episodes does, as one suite. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withObservation, withStep } from '../../src/server/episodes/episode.ts';
import { Episodes } from '../../src/server/episodes/episodes.ts';
import { encodeObservation } from '../../src/server/episodes/observation.ts';
import type { EpisodeStore, EpisodeWrite } from '../../src/server/episodes/store.ts';
import { anEpisode, aStep, NOW_MS } from '../support/episode-builders.ts';
import { anAction } from '../support/states.ts';

export type StoreUnderTest = {
  readonly name: string;
  /** A store in which there is nothing under the keys of this suite. */
  readonly open: (ttlMs?: number) => Promise<EpisodeStore>;
};

/** Everything that a step can have, with characters that a store might mangle. */
const FULL = anEpisode({
  owner: 'Zoë/ops',
  sessionId: 's {1}\u2028😀',
  app: { processName: 'WINWORD.EXE', windowTitle: 'a "b"\n' },
  plan: ['first', 'then'],
  steps: [
    aStep({
      action: anAction({ args: { text: 'Zürich 😀', x: 0.5, double: false }, plan: ['x'] }),
      control: { id: '1', name: 'Bold', type: 'Button', rect: [-1, 0, 1, 2], enabled: true, selected: false },
      setting: { processName: 'WINWORD.EXE', document: { id: '2', name: 'Body' } },
      observationHash: 'abc',
      resultStatus: 'failure',
      error: 'not found',
    }),
  ],
});

const write = (overrides: Partial<EpisodeWrite> = {}): EpisodeWrite => ({
  expected: '',
  episode: anEpisode(),
  dropped: [],
  ...overrides,
});

export function episodeStoreContract({ name, open }: StoreUnderTest): void {
  describe(`${name} as a store for episodes`, () => {
    it('gives back what was saved, and nothing to another owner or session', async () => {
      await using store = await open();
      assert.equal(await store.load(FULL), undefined);
      assert.equal(await store.save(FULL, write({ episode: FULL })), true);
      assert.deepEqual((await store.load(FULL))?.episode, FULL);
      assert.equal(await store.load({ ...FULL, owner: '' }), undefined);
      assert.equal(await store.load({ ...FULL, sessionId: 's' }), undefined);
    });

    it('cannot be fooled by owners and sessions that look alike when joined', async () => {
      await using store = await open();
      await store.save({ owner: 'a/b', sessionId: 'c' }, write());
      assert.equal(await store.load({ owner: 'a', sessionId: 'b/c' }), undefined);
    });

    it('saves only over what was expected', async () => {
      await using store = await open();
      const key = anEpisode();
      assert.equal(await store.save(key, write({ expected: 'never seen' })), false);
      assert.equal(await store.load(key), undefined);
      assert.equal(await store.save(key, write()), true);
      assert.equal(await store.save(key, write()), false, 'there is one already');
      const { version = '' } = (await store.load(key)) ?? {};
      assert.equal(await store.save(key, write({ expected: version })), true);
      assert.equal(await store.save(key, write({ expected: version })), false, 'it has changed since');
      assert.notEqual((await store.load(key))?.version, version);
    });

    it('keeps observations beside the episode until they are dropped', async () => {
      await using store = await open();
      const key = anEpisode();
      const first = encodeObservation({ controls: [{ id: '1', name: 'ä', type: 'Button' }] });
      await store.save(key, write({ observation: first }));
      assert.equal(await store.loadObservation(key, first.hash), first.text);
      assert.equal(await store.loadObservation(key, 'other'), undefined);
      assert.equal(await store.loadObservation({ ...key, owner: 'other' }, first.hash), undefined);
      const { version = '' } = (await store.load(key)) ?? {};
      const second = encodeObservation({ controls: [] });
      await store.save(key, write({ expected: version, observation: second, dropped: [first.hash] }));
      assert.equal(await store.loadObservation(key, first.hash), undefined);
      assert.equal(await store.loadObservation(key, second.hash), second.text);
    });

    it('writes nothing at all when it refuses', async () => {
      await using store = await open();
      const key = anEpisode();
      const observation = encodeObservation({ controls: [] });
      await store.save(key, write({ observation }));
      const other = encodeObservation({ app: { window_title: 'other' } });
      const refused = write({ expected: 'wrong', observation: other, dropped: [observation.hash] });
      assert.equal(await store.save(key, refused), false);
      assert.equal(await store.loadObservation(key, other.hash), undefined);
      assert.equal(await store.loadObservation(key, observation.hash), observation.text);
    });

    it('forgets an episode when its time is up', async () => {
      await using store = await open(1);
      const key = anEpisode();
      const observation = encodeObservation({ controls: [] });
      await store.save(key, write({ observation }));
      while ((await store.load(key)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.equal(await store.loadObservation(key, observation.hash), undefined);
    });

    it('loses no step when many are added at once', async () => {
      await using store = await open();
      const key = anEpisode();
      const writers = [new Episodes(store), new Episodes(store)];
      const added = Array.from({ length: 12 }, (_, i) => {
        const answered = { requestId: `r-${i}`, action: anAction(), observationHash: '' };
        return writers[i % 2]?.update(key, (stored, nowMs) => withStep(stored ?? anEpisode(), answered, nowMs));
      });
      await Promise.all(added);
      const { steps } = (await store.load(key))?.episode ?? { steps: [] };
      assert.deepEqual(
        steps.map(({ step }) => step).sort((a, b) => a - b),
        range(12),
      );
      assert.equal(new Set(steps.map(({ requestId }) => requestId)).size, 12);
    });

    it('keeps the last two observations of an episode', async () => {
      await using store = await open();
      const episodes = new Episodes(store, () => NOW_MS);
      const key = anEpisode();
      const observations = ['1', '2', '3'].map((id) => encodeObservation({ controls: [{ id, type: 'Button' }] }));
      for (const observation of observations) {
        await episodes.update(key, (stored) => withObservation(stored ?? anEpisode(), observation.hash), observation);
      }
      const episode = await episodes.require(key);
      const kept = await Promise.all(observations.map(({ hash }) => episodes.controls(episode, hash)));
      assert.deepEqual(
        kept.map((controls) => controls?.[0]?.id),
        [undefined, '2', '3'],
      );
    });
  });
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
