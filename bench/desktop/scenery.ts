/** Random documents and windows for tasks to start in. */
import { type Clutter, Desk, NO_CLUTTER } from './desk.ts';
import { createDocument, type WordDocument } from './document.ts';
import { openSurface } from './executor.ts';
import type { Random } from './random.ts';
import { openersOf, surfaces } from './ui/catalog.ts';
import { ADD_IN_TABS, TABS } from './ui/chrome.ts';
import { STYLES } from './ui/home-menus.ts';
import { VIEW_MODES } from './ui/view.ts';
import { capitalize, knownWord, phrase, sentence, word } from './words.ts';

const PANES = ['Styles', 'Document Recovery', 'Clipboard', 'Reviewing Pane'];

/** Five to nine paragraphs, each planted text once and in a paragraph of its own. */
function writeDocument(random: Random, plants: readonly string[]): WordDocument {
  const paragraphs = Array.from({ length: random.int(5, 9) }, () => sentenceWithout(random, plants));
  const places = random.shuffle(paragraphs.map((_, i) => i));
  for (const [i, plant] of plants.entries()) {
    const place = places[i] ?? 0;
    const words = (paragraphs[place] ?? '').split(' ');
    words.splice(random.int(1, words.length - 1), 0, plant);
    paragraphs[place] = words.join(' ');
  }
  return createDocument(paragraphs);
}

function sentenceWithout(random: Random, plants: readonly string[]): string {
  for (;;) {
    const text = sentence(random);
    if (!plants.some((plant) => text.includes(plant))) return text;
  }
}

/** Mostly a plain window with some 60 controls; now and then one with 165 or more, up to 500. */
function randomClutter(random: Random): Clutter {
  const hasPane = random.chance(0.18);
  return {
    wideRibbon: random.chance(0.25),
    numStyles: random.pick([4, 5, 6, 6, 7, 8, 8, STYLES.length]),
    themeColors: random.chance(0.15),
    fullStatusBar: random.chance(0.3),
    miniToolbar: random.chance(0.2),
    addInTabs: ADD_IN_TABS.filter(() => random.chance(0.12)),
    paneName: hasPane ? random.pick(PANES) : '',
    paneItems: hasPane ? sideItems(random) : [],
    fileName: capitalize(phrase(random)),
    recentFiles: Array.from({ length: random.int(5, 20) }, () => `${capitalize(phrase(random))}.docx`),
  };
}

/** Share of side panes that are long, and that are longer than any client sends. */
const LONG_SHARE = 0.3;
const HUGE_SHARE = 0.15;

function sideItems(random: Random): string[] {
  const draw = random.next();
  // Long lists hold short, common names, so that the largest windows still fit a small model's context.
  if (draw < HUGE_SHARE) return Array.from({ length: random.int(300, 460) }, () => capitalize(knownWord(random)));
  if (draw < HUGE_SHARE + LONG_SHARE)
    return Array.from({ length: random.int(60, 120) }, () => capitalize(knownWord(random)));
  return Array.from({ length: random.int(5, 30) }, () =>
    capitalize(random.chance(0.5) ? word(random) : phrase(random)),
  );
}

/** Where the user left the window: any tab, now and then something open that is in the way. */
export function scatter(desk: Desk, random: Random): void {
  const { document } = desk;
  desk.ui.tab = random.chance(0.35) ? 'Home' : random.pick([...TABS, ...desk.clutter.addInTabs]);
  document.view.navigation = random.chance(0.1);
  document.view.ruler = random.chance(0.3);
  document.view.mode = random.chance(0.1) ? random.pick(VIEW_MODES) : 'Print Layout';
  document.trackChanges = random.chance(0.1);
  const draw = random.next();
  if (draw < 0.08) openSurface(desk, random.pick(DIALOGS));
  else if (draw < 0.14) {
    const { menu, tab } = random.pick(MENUS);
    desk.ui.tab = tab;
    openSurface(desk, menu);
  } else if (draw < 0.18) desk.ui.tab = 'File';
}

const DIALOGS = surfaces.filter(({ kind }) => kind === 'dialog').map(({ name }) => name);
/** Menus that a button of an ordinary tab opens. */
const MENUS = surfaces
  .filter(({ kind }) => kind === 'menu')
  .flatMap(({ name }) => openersOf(name).map(({ surface }) => ({ menu: name, tab: surface.name })))
  .filter(({ tab }) => TABS.includes(tab));

/** A window over a document that holds `plants`; a calm one is as Word opens it. */
export function createDesk(random: Random, plants: readonly string[], isCalm = false): Desk {
  return new Desk(writeDocument(random, plants), isCalm ? NO_CLUTTER : randomClutter(random));
}
