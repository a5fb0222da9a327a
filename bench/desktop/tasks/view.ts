/** Tasks about the view: what is shown, modes, zoom, scrolling. */
import { press, readOut, scroll, turn, turnOn } from '../goals.ts';
import { SCROLL_STEPS } from '../ui/chrome.ts';
import { VIEW_MODES, ZOOM_FITS, ZOOM_STEP } from '../ui/view.ts';
import { fillAndPress, NOTHING_SELECTED, templatesOf } from './build.ts';
import type { Template } from './task.ts';

const template = templatesOf('view');

type ViewFlag = 'ruler' | 'gridlines' | 'navigation' | 'split';

const viewTask = (flag: ViewFlag, control: string, thing: string): Template =>
  template(`toggle-${flag}`, NOTHING_SELECTED, {
    train: [
      `<verb> the ${thing}`,
      `!the ${thing} should be <state>`,
      `<verb> the ${thing} in Word`,
      `turn <onoff> the ${thing}`,
      `switch the ${thing} <onoff>`,
      `set the ${thing} to <onoff>`,
      `make the ${thing} <state>`,
      `!I need to have the ${thing} <onoff>`,
    ],
    test: [`make sure the ${thing} is <state>`, `!I want the ${thing} <state>`, `have the ${thing} <onoff>`],
    mayBeDone: true,
    create: (draw) => {
      const on = draw.pick([true, false]);
      return {
        slots: { verb: on ? 'show' : 'hide', state: on ? 'visible' : 'hidden', onoff: on ? 'on' : 'off' },
        goals: [turn(on, control)],
        before: (document) => {
          document.view[flag] = !on;
        },
        edit: (d) => {
          d.view[flag] = on;
        },
      };
    },
  });

const zoomButtonTask = (
  name: string,
  control: 'Zoom In' | 'Zoom Out',
  spec: Pick<Template, 'train' | 'test' | 'heldOut'>,
): Template =>
  template(name, NOTHING_SELECTED, {
    ...spec,
    create: () => ({
      goals: [press(`Status Bar/${control}`)],
      edit: (d) => {
        Object.assign(d.view, { zoom: d.view.zoom + (control === 'Zoom In' ? ZOOM_STEP : -ZOOM_STEP), zoomFit: '' });
      },
    }),
  });

export const viewTasks: readonly Template[] = [
  viewTask('ruler', 'View/Ruler', 'ruler'),
  viewTask('gridlines', 'View/Gridlines', 'gridlines'),
  viewTask('navigation', 'View/Navigation Pane', 'navigation pane'),
  viewTask('split', 'View/Split', 'split of the window'),
  template('toggle-marks', NOTHING_SELECTED, {
    train: [
      '<verb> paragraph marks',
      '<verb> the formatting marks',
      'turn <onoff> the paragraph marks',
      '<verb> hidden formatting symbols',
      'switch the formatting marks <onoff>',
      'have the formatting marks <onoff>',
      'make the paragraph marks <onoff>',
    ],
    test: [
      'make sure the paragraph marks are <onoff>',
      '!I want the formatting marks <onoff>',
      'have the paragraph marks <onoff>',
    ],
    mayBeDone: true,
    create: (draw) => {
      const on = draw.pick([true, false]);
      return {
        slots: { verb: on ? 'show' : 'hide', onoff: on ? 'on' : 'off' },
        goals: [turn(on, 'Home/Show/Hide ¶')],
        before: (document) => {
          document.view.marks = !on;
        },
        edit: (d) => {
          d.view.marks = on;
        },
      };
    },
  }),
  template('view-mode', NOTHING_SELECTED, {
    train: [
      '(switch|change|go over) to (<mode> view|the <mode> view)',
      '@set the view to <mode>',
      '(look at|show) (the document|the text|it) in <mode> view',
      'use <mode> as the view',
      '!the view should be <mode>',
      'use the <mode> view',
      'display it in <mode> view',
      'go to <mode> view',
      'open the <mode> view',
    ],
    test: ['display the document in <mode>', 'go to the <mode> view', '!I want to see the document in <mode>'],
    mayBeDone: true,
    create: (draw) => {
      const mode = draw.pick(VIEW_MODES);
      return {
        slots: { mode: draw.pick([mode, mode.toLowerCase(), mode.toLowerCase().replace(/ (mode|layout)$/, '')]) },
        goals: [turnOn(`View/${mode}`)],
        before: (document, random) => {
          document.view.mode = random.pick(VIEW_MODES.filter((other) => other !== mode));
        },
        edit: (d) => {
          d.view.mode = mode;
        },
      };
    },
  }),
  template('zoom', NOTHING_SELECTED, {
    train: [
      'set the zoom to <percent>%',
      'zoom to <percent>%',
      'change the zoom level to <percent> percent',
      'show the document at <percent>%',
      'use a zoom of <percent> percent',
      'display the document at <percent> percent',
      'put the zoom level at <percent>%',
      '!the zoom should be <percent>%',
    ],
    test: ['put the zoom at <percent>%', 'display the page at <percent> percent', '!I want a zoom level of <percent>%'],
    create: (draw) => {
      const percent = draw.number('percent', { min: 20, max: 400, step: 5, except: 100 });
      return {
        slots: { percent },
        goals: fillAndPress('Zoom dialog', { 'Percent:': String(percent) }, 'OK'),
        edit: (d) => {
          d.view.zoom = percent;
        },
      };
    },
  }),
  template('zoom-fit', NOTHING_SELECTED, {
    train: [
      '@set the zoom to <fit>',
      'zoom to <fit>',
      '@show <fit> in the window',
      'fit <fit> into the window',
      '!the zoom should show <fit>',
    ],
    test: ['let the window show <fit>', '!I want to see <fit> at once', 'choose the zoom for <fit>'],
    create: (draw) => {
      const zoomFit = draw.pick(ZOOM_FITS);
      return {
        slots: { fit: zoomFit === 'Page Width' ? 'the page width' : zoomFit.toLowerCase() },
        goals: [press(`View/${zoomFit}`)],
        edit: (d) => {
          d.view.zoomFit = zoomFit;
        },
      };
    },
  }),
  zoomButtonTask('zoom-in', 'Zoom In', {
    train: [
      'zoom in',
      'zoom in (a bit|one step|a little)',
      'make the view a bit larger',
      '!everything should look a bit larger',
      'zoom in on @document',
    ],
    test: ['zoom in by one step', '!I want to zoom in', 'zoom a little closer in'],
  }),
  zoomButtonTask('zoom-out', 'Zoom Out', {
    heldOut: true,
    train: ['zoom out', 'zoom out a bit', 'zoom out one step', 'make the view a bit smaller'],
    test: ['zoom out by one step', '!I want to zoom out', 'zoom a little further out'],
  }),
  template('scroll', NOTHING_SELECTED, {
    train: [
      'scroll <direction> by <notches> notches',
      'scroll <notches> notches <direction>',
      'move <direction> <notches> notches with the scroll bar',
      'go <direction> <notches> notches',
      'wheel the page <direction> by <notches> notches',
      'scroll <direction> <notches> steps',
    ],
    test: [
      'go <direction> by <notches> notches',
      'scroll the page <notches> notches <direction>',
      'wheel <direction> <notches> notches',
    ],
    create: (draw) => {
      const down = draw.random.chance(0.7);
      const notches = draw.number('notches', { min: 1, max: 30 });
      return {
        slots: { direction: down ? 'down' : 'up', notches },
        goals: [scroll('Document Area/Vertical', down ? -notches : notches)],
        before: (document) => {
          document.view.scroll = 50;
        },
        edit: (d) => {
          d.view.scroll += down ? notches : -notches;
        },
      };
    },
  }),
  template('scroll-step', NOTHING_SELECTED, {
    train: [
      'scroll one <unit> <direction>',
      'scroll <direction> (by one|a|one) <unit>',
      'go one <unit> <direction> (in|with) the scroll bar',
      'move the text <direction> by one <unit>',
      '!I want to see one <unit> further <direction>',
    ],
    test: ['move one <unit> <direction>', 'scroll a single <unit> <direction>', '!scroll by one <unit>, <direction>'],
    create: (draw) => {
      const control = draw.pick(Object.keys(SCROLL_STEPS) as (keyof typeof SCROLL_STEPS)[]);
      const [unit = '', direction = ''] = control.toLowerCase().split(' ');
      return {
        slots: { unit, direction },
        goals: [press(`Document Area/${control}`)],
        before: (d) => {
          d.view.scroll = 50;
        },
        edit: (d) => {
          d.view.scroll += SCROLL_STEPS[control];
        },
      };
    },
  }),
  template('read-zoom', NOTHING_SELECTED, {
    heldOut: true,
    train: ['!what is the zoom level', 'tell me the zoom level', 'report the zoom', 'find out the current zoom level'],
    test: ['look up the zoom level', '!which zoom level do I have', 'say what the zoom is'],
    create: () => ({
      goals: [readOut('Status Bar/Zoom level')],
      verify: ({ document, results }) => results.includes(`Zoom ${document.view.zoom}%`),
    }),
  }),
  template('read-language', NOTHING_SELECTED, {
    train: [
      '!what is the language of @document',
      '@tell (the language of @document|which language @document is in)',
      '!which language is @document in',
      'check the language of the text',
      '!which language does Word check here',
    ],
    test: [
      'look at which language the document has',
      '!what language is this text in',
      'name the language of the text',
    ],
    create: () => ({
      goals: [readOut('Status Bar/Language')],
      verify: ({ document, results }) => results.includes(`Language ${document.language}`),
    }),
  }),
];
