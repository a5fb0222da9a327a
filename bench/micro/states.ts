/** States with control names that were never seen before. */
import { defaultFunctions } from '../../src/runtime/functions/catalog.ts';
import type { Control, State } from '../../src/runtime/types.ts';
import type { Random } from '../desktop/random.ts';
import { asciiWord, foreignWord } from './made-up-words.ts';

export const NUM_CONTROLS = 200;

/** The default bound of text arguments. */
export const OPTIONS = { maxTextBytes: 256 };

const TYPES = ['Button', 'Button', 'Button', 'TabItem', 'ListItem', 'MenuItem', 'Edit', 'ComboBox', 'Spinner'] as const;
const DUPLICATE_SHARE = 0.1;

/** `NUM_CONTROLS` controls, most names new, in an application that offers every function of the Word set. */
export function makeState(random: Random): State {
  const names: string[] = [];
  const controls = Array.from({ length: NUM_CONTROLS }, (_, i): Control => {
    const isDuplicate = i > 0 && random.chance(DUPLICATE_SHARE);
    const name = isDuplicate ? random.pick(names) : makeName(random);
    names.push(name);
    return { id: String(i + 1), name, type: i === 0 ? 'Document' : random.pick(TYPES) };
  });
  return {
    userRequest: `Set ${phrase(random, 3)} to ${random.int(1, 99)} and type '${phrase(random, 2)}'`,
    subtask: '',
    app: { processName: 'WINWORD.EXE', windowTitle: 'Document1 - Word' },
    controls,
    previousPlan: [],
    previousActions: [],
    allowedFunctions: defaultFunctions('WINWORD.EXE'),
  };
}

function makeName(random: Random): string {
  const name = phrase(random, random.int(1, 4));
  if (random.chance(0.05)) return `"${name}"`;
  if (random.chance(0.05)) return `C:\\${name}\\`;
  return random.chance(0.05) ? `${name} ${foreignWord(random)}` : name;
}

function phrase(random: Random, numWords: number): string {
  return Array.from({ length: numWords }, () => asciiWord(random)).join(' ');
}
