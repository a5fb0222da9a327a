/** Tasks that put pages, covers, page numbers, headers and footers into the document. */
import { press } from '../goals.ts';
import { COVER_PAGES, insertPageBreak, PAGE_NUMBER_POSITIONS, PAGE_NUMBER_STYLES } from '../ui/insert.ts';
import { A_TEXT, fillAndPress, NOTHING_SELECTED, templatesOf } from './build.ts';
import type { Template } from './task.ts';

const template = templatesOf('insertion');

const storyTask = (story: 'header' | 'footer', label: 'Header' | 'Footer'): Template =>
  template(`${story}-text`, NOTHING_SELECTED, {
    train: [
      `set the ${story} to {text}`,
      `put {text} in the ${story}`,
      `add a ${story} that says {text}`,
      `write {text} in the ${story}`,
      `change the ${story} text to {text}`,
      `insert {text} as the ${story}`,
      `type {text} in the ${story}`,
      `let the ${story} say {text}`,
      `give the pages the ${story} {text}`,
      `!the ${story} should read {text}`,
    ],
    test: [
      `make the ${story} say {text}`,
      `type {text} into the ${story}`,
      `!I want {text} as ${story}`,
      `use {text} for the ${story}`,
    ],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: { text },
        goals: fillAndPress(`${label} editor`, { [`${label} -Section 1-`]: text }, 'Close Header and Footer'),
        edit: (d) => {
          d[story] = text;
        },
      };
    },
  });

export const insertionTasks: readonly Template[] = [
  storyTask('header', 'Header'),
  storyTask('footer', 'Footer'),
  template('page-break', A_TEXT, {
    train: [
      'insert a page break before {text}',
      'add a page break in front of {text}',
      'start a new page at {text}',
      'put a page break before {text}',
      'break to a new page at {text}',
      'let {text} begin on a new page',
      '!{text} should start on a new page',
    ],
    test: [
      'break the page before {text}',
      'move {text} to a new page with a page break',
      '!I want a page break before {text}',
    ],
    create: () => {
      return {
        slots: {},
        goals: [press('Breaks menu/Page', 'Insert/Page Break')],
        edit: insertPageBreak,
      };
    },
  }),
  template('blank-page', NOTHING_SELECTED, {
    train: [
      'insert a blank page',
      'add an empty page',
      'add a blank page to the document',
      'put in a blank page',
      'create an empty page',
      'give the document one more blank page',
      'insert an empty page',
    ],
    test: ['give me a new blank page', '!I need an empty page inserted', 'create a blank page'],
    create: () => ({
      slots: {},
      goals: [press('Insert/Blank Page')],
      edit: (d) => {
        d.page.blankPages++;
      },
    }),
  }),
  template('cover-page', NOTHING_SELECTED, {
    train: [
      'insert the <cover> cover page',
      'add a cover page in the <cover> design',
      'use <cover> as the cover page',
      'put a <cover> cover page at the front',
      'choose the cover page <cover>',
      'give the document the cover page <cover>',
      'add the cover page <cover>',
    ],
    test: [
      'give the document a <cover> cover page',
      '!I want the cover page <cover>',
      'choose the <cover> design for the cover page',
    ],
    create: (draw) => {
      const cover = draw.pick(COVER_PAGES);
      return {
        slots: { cover },
        goals: [press(`Cover Page menu/${cover}`)],
        edit: (d) => {
          d.page.coverPage = cover;
        },
      };
    },
  }),
  template('remove-story', NOTHING_SELECTED, {
    train: [
      'remove the <story>',
      'delete the <story>',
      'clear the <story> of the document',
      'take the <story> away',
      'get the <story> off the pages',
      'drop the <story> text',
      'erase the <story>',
    ],
    test: ['get rid of the <story>', '!I do not want a <story> any more', 'drop the <story> from the pages'],
    create: (draw) => {
      const label = draw.pick(['Header', 'Footer'] as const);
      const story = label === 'Header' ? 'header' : 'footer';
      const text = draw.text();
      return {
        slots: { story },
        goals: [press(`${label} menu/Remove ${label}`)],
        before: (document) => {
          document[story] = text;
        },
        edit: (d) => {
          d[story] = '';
        },
      };
    },
  }),
  template('page-number', NOTHING_SELECTED, {
    train: [
      'add page numbers at the <position> of the page',
      'insert page numbers at the <position>',
      'put page numbers on the <position> of each page',
      'show page numbers at the <position>',
      'give each page a number at the <position>',
      'number the pages at the <position>',
      '!the pages need numbers at the <position>',
    ],
    test: [
      'show page numbers at the <position> of every page',
      'give the pages numbers at the <position>',
      '!I want page numbers at the <position>',
    ],
    create: (draw) => {
      const position = draw.pick(PAGE_NUMBER_POSITIONS);
      const style = 'Plain Number 1';
      return {
        slots: { position: position.startsWith('Top') ? 'top' : 'bottom' },
        goals: [press(`Page Number ${position}/${style}`)],
        edit: (d) => {
          d.pageNumber = `${position}, ${style}`;
        },
      };
    },
  }),
  template('remove-cover-page', NOTHING_SELECTED, {
    train: [
      '@remove the cover page',
      '@remove the cover page of @document',
      'take the cover page off @document',
      'take out the current cover page',
      '!the document should have no cover page',
    ],
    test: ['do without the cover page', '!I do not want a cover page any more', 'take the cover page off'],
    create: (draw) => {
      const coverPage = draw.pick(COVER_PAGES);
      return {
        goals: [press('Cover Page menu/Remove Current Cover Page')],
        before: (d) => {
          d.page.coverPage = coverPage;
        },
        edit: (d) => {
          d.page.coverPage = '';
        },
      };
    },
  }),
  template('page-number-style', NOTHING_SELECTED, {
    train: [
      '@add page numbers in the style <style> at the <position>',
      '@apply the page number style <style> at the <position> of the page',
      '@show page numbers at the <position> as <style>',
      'number the pages at the <position> with <style>',
      '!the page numbers at the <position> should be in the style <style>',
    ],
    test: [
      'put <style> page numbers at the <position>',
      '!I want <style> page numbers at the <position>',
      'number the pages with <style> at the <position>',
    ],
    create: (draw) => {
      const position = draw.pick(PAGE_NUMBER_POSITIONS);
      const style = draw.pick(PAGE_NUMBER_STYLES.slice(1));
      return {
        slots: { style, position: position.startsWith('Top') ? 'top' : 'bottom' },
        goals: [press(`Page Number ${position}/${style}`)],
        edit: (d) => {
          d.pageNumber = `${position}, ${style}`;
        },
      };
    },
  }),
  template('remove-page-numbers', NOTHING_SELECTED, {
    heldOut: true,
    train: [
      'remove the page numbers',
      'delete the page numbers',
      'take the page numbers off the pages',
      'drop the page numbers',
    ],
    test: [
      'get rid of the page numbers',
      '!I do not want page numbers any more',
      'clear the page numbers of the document',
    ],
    create: (draw) => {
      const position = draw.pick(PAGE_NUMBER_POSITIONS);
      return {
        goals: [press('Page Number menu/Remove Page Numbers')],
        before: (d) => {
          d.pageNumber = `${position}, Circle`;
        },
        edit: (d) => {
          d.pageNumber = '';
        },
      };
    },
  }),
];
