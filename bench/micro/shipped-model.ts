/** Files of the model that is shipped with the repository. Programs run from its root. */
import { readFileSync } from 'node:fs';
import { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';

export const SHIPPED_MODEL = 'models/lam-word/2';

export function readModelJson(name: string): object {
  return JSON.parse(readFileSync(`${SHIPPED_MODEL}/${name}`, 'utf8'));
}

export function shippedTokenizer(): SegmentTokenizer {
  return new SegmentTokenizer(readModelJson('tokenizer.json'), readModelJson('tokenizer_config.json'));
}
