/**
 * Tasks in the application's own words: they name a control and want it used. They teach where things are and how names and
 * words go together, whatever the templates ask for.
 */
import { fill, type Goal, press, selectParagraphs, selectTable, selectText, turn } from './goals.ts';
import type { Random } from './random.ts';
import { Draw } from './tasks/draw.ts';
import { controlsOf, type Placed, surfaces } from './ui/catalog.ts';

export type NamedTask = { readonly task: string; readonly request: string; readonly goals: readonly Goal[] };

const NAME = 'named-control';
/** Share of the tasks about something on the screen; the others may be about anything, behind whatever tabs and menus. */
const SHOWN_SHARE = 0.5;
const PLACE_SHARE = 0.3;

const WORDINGS = {
  press: ['click #', 'press #', 'use #', 'choose #', '#', 'go for #', 'I want #', 'hit the # button', 'select #'],
  open: ['open #', 'show me #', 'go to #', 'bring up #', '#', 'click #'],
  item: ['choose #', 'pick #', 'apply #', 'make it #', '#', 'I want #', 'take # from the list', 'select #'],
  on: ['turn on #', 'turn # on', 'switch # on', '# should be on', 'check #', 'enable #', 'activate #'],
  off: ['turn off #', 'turn # off', 'switch # off', '# should be off', 'uncheck #', 'disable #', 'deactivate #'],
  fill: ['type * into #', 'enter * in #', 'set # to *', 'put * into #', '# should say *', 'write * in the # box'],
} as const satisfies Record<string, readonly string[]>;

/** With something that is selected before; `@` stands for it. */
const TARGETED = {
  open: ['select @ and open #', 'open # for @', 'go to # with @ selected'],
  item: [
    'choose # for @',
    '@ should be #',
    'make @ #',
    'apply # to @',
    'use # for @',
    '# for @',
    'set @ to #',
    'put @ in #',
  ],
  press: [
    'use # on @',
    '# for @',
    'apply # to @',
    'select @ and click #',
    '@ needs #',
    'do # with @',
    'give @ #',
    'run # on @',
    '@: #',
  ],
  on: [
    'turn on # for @',
    '@ should be #',
    '@ should have # on',
    'make @ #',
    'give @ #',
    'put # on @',
    'set @ to #',
    '@ in #',
    'apply # to @',
  ],
  off: [
    'turn off # for @',
    'take # off @',
    '@ should not be # any more',
    'no # for @',
    'remove # from @',
    'switch # of @ off',
  ],
  fill: ['set # of @ to *', 'give @ a # of *', 'use a # of * for @', '@ should have * as its #', 'put * into # for @'],
} as const satisfies Record<keyof typeof WORDINGS, readonly string[]>;
/** Share of the tasks that say on what. */
const TARGETED_SHARE = 0.5;
const MOST_PARAGRAPHS = 5;

const OPENINGS = ['', '', '', 'please ', 'can you ', 'now ', 'help me '];
const ENDINGS = ['', '', '', '.', ' please', ' now', ' for me'];

/** A task about a control of the application; `shown`: those of the screen. Never one that cannot be undone. */
export function namedControlTask(shown: readonly Placed[], random: Random): NamedTask {
  // What only clutters a window is not in the catalog.
  const own = shown.filter((one) => isUseful(one) && controlsOf(one.surface).some(({ key }) => key === one.key));
  const candidates =
    own.length > 0 && random.chance(SHOWN_SHARE) ? own : controlsOf(random.pick(NAMED)).filter(isUseful);
  const placed = random.pick(candidates);
  const target = mayHaveTarget(placed) && random.chance(TARGETED_SHARE) ? drawTarget(random) : null;
  const { goal, words } = wish(placed, random, target === null ? WORDINGS : TARGETED);
  const name = placed.spec.name.replace(/\.\.\.$/, '');
  const said = random.chance(0.5) ? name.toLowerCase() : name;
  const saysWhere = isAmbiguous(placed) || random.chance(PLACE_SHARE);
  const body =
    words.replace('#', () => said).replace('@', () => target?.words ?? '') + (saysWhere ? placeOf(placed) : '');
  const request = `${random.pick(OPENINGS)}${body}${random.pick(ENDINGS)}`;
  const isUpper = random.chance(0.6);
  return {
    task: NAME,
    goals: target === null ? [goal] : [target.goal, goal],
    request: isUpper ? request.charAt(0).toUpperCase() + request.slice(1) : request,
  };
}

const numSurfaces = new Map<string, number>();
for (const { spec } of surfaces.flatMap(controlsOf)) numSurfaces.set(spec.name, (numSurfaces.get(spec.name) ?? 0) + 1);

/** Several controls have this name. */
const isAmbiguous = ({ spec }: Placed): boolean => (numSurfaces.get(spec.name) ?? 0) > 1;

/** A control whose name follows the document is not known by name, nor one of several that nothing tells apart. */
function isUseful(placed: Placed): boolean {
  const { spec, surface } = placed;
  if (spec.sensitive === true || spec.label !== undefined || surface.dismiss === spec.name) return false;
  return spec.type !== 'Document' && !(isAmbiguous(placed) && placeOf(placed) === '');
}

const NAMED = surfaces.filter((surface) => controlsOf(surface).some(isUseful));

/** What stays as it is wherever the text ends up: a tab, a list of files and the like are not done to a text. */
function mayHaveTarget({ spec, surface }: Placed): boolean {
  return spec.type !== 'TabItem' && (surface.kind === 'tab' || surface.kind === 'menu' || surface.kind === 'dialog');
}

/** A text, paragraphs or a table, and the goal that selects it. */
function drawTarget(random: Random): { readonly goal: Goal; readonly words: string } {
  const from = random.int(1, MOST_PARAGRAPHS);
  const to = from + random.int(1, 2);
  const number = random.pick(['', '', 'number ']);
  switch (random.pick(['text', 'text', 'paragraph', 'paragraph', 'paragraphs', 'table'])) {
    case 'paragraph':
      return { goal: selectParagraphs(from, from), words: `paragraph ${number}${from}` };
    case 'paragraphs':
      return {
        goal: selectParagraphs(from, to),
        words: `paragraphs ${from} ${random.pick(['to', 'through', '-'])} ${to}`,
      };
    case 'table':
      return { goal: selectTable(from), words: `table ${number}${from}` };
    default: {
      const text = new Draw(random, 'train').text();
      const quote = random.pick(["'", '"']);
      return { goal: selectText(text), words: random.pick(['', '', 'the text ', 'the line ']) + quote + text + quote };
    }
  }
}

type WishWords = Record<keyof typeof WORDINGS, readonly string[]>;

function wish(
  { key, spec }: Placed,
  random: Random,
  wordings: WishWords,
): { readonly goal: Goal; readonly words: string } {
  if (spec.fill !== undefined) {
    const text = new Draw(random, 'train').text();
    const quote = random.pick(["'", '"']);
    return { goal: fill(key, text), words: random.pick(wordings.fill).replace('*', () => quote + text + quote) };
  }
  if (spec.selected !== undefined && spec.type !== 'TabItem' && spec.type !== 'ListItem') {
    const on = random.chance(0.7);
    return { goal: turn(on, key), words: random.pick(on ? wordings.on : wordings.off) };
  }
  if (spec.opens !== undefined) return { goal: press(key), words: random.pick(wordings.open) };
  const isItem = spec.type === 'ListItem' || spec.type === 'MenuItem';
  return { goal: press(key), words: random.pick(isItem ? wordings.item : wordings.press) };
}

/** Menus are named after what opens them. */
function placeOf({ surface: { kind, name } }: Placed): string {
  if (kind === 'tab') return ` on the ${name} tab`;
  if (kind === 'menu') return ` from the ${name}`;
  return kind === 'dialog' ? ` in the ${name.replace(/ dialog$/i, '')} dialog` : '';
}
