/** What users ask of a word processor that only other applications do. */
import type { ValueSplit } from './draw.ts';

type Wishes = { readonly actions: readonly string[]; readonly things: readonly string[] };

export const ELSEWHERE: Readonly<Record<ValueSplit, readonly Wishes[]>> = {
  train: [
    // Spreadsheets and slides.
    {
      actions: ['insert', 'add', 'create', 'build'],
      things: ['a pivot table', 'a new worksheet', 'a slicer', 'a slide', 'a slide transition', 'an animation'],
    },
    {
      actions: ['freeze', 'hide', 'recalculate', 'filter'],
      things: ['the top row of the sheet', 'column B', 'the worksheet', 'the cells of the sheet'],
    },
    {
      actions: ['rename', 'protect', 'duplicate', 'unhide'],
      things: ['the second worksheet', 'the sheet called Budget', 'the spreadsheet', 'the workbook'],
    },
    {
      actions: ['show', 'rehearse', 'present', 'loop'],
      things: ['the slides', 'my presentation', 'the slide deck', 'the slides for tomorrow'],
    },
    // Mail and calendar.
    {
      actions: ['reply to', 'forward', 'archive', 'flag'],
      things: ['the last email', 'the message from my boss', 'this mail', 'the meeting invitation'],
    },
    {
      actions: ['answer', 'reply to all of', 'mark as read', 'snooze', 'pass on'],
      things: ['the newest mail', 'the email about the budget', "my colleague's message", 'the unread messages'],
    },
    {
      actions: ['empty', 'sort', 'clean up', 'search'],
      things: ['the junk folder', 'my mailbox', 'the mail folder', 'the outbox'],
    },
    {
      actions: ['accept', 'decline', 'move', 'schedule'],
      things: ['the appointment', 'the meeting on Monday', 'the calendar entry', 'the call with the customer'],
    },
    // Talk.
    {
      actions: ['join', 'leave', 'mute', 'record'],
      things: ['the video conference', 'the team meeting', 'the call', 'the webinar'],
    },
    {
      actions: ['call', 'ring', 'text', 'chat with'],
      things: ['my mother', 'the help desk', 'Anna from sales', 'the front office'],
    },
    // Music, pictures and films.
    {
      actions: ['play', 'start', 'stop', 'pause'],
      things: ['some music', 'the slide show', 'the video call', 'a song'],
    },
    { actions: ['take', 'record', 'crop'], things: ['a photo with the camera', 'a video', 'a voice memo'] },
    {
      actions: ['turn up', 'turn down', 'mute', 'unmute'],
      things: ['the volume', 'the speakers', 'the microphone', 'the sound'],
    },
    {
      actions: ['edit', 'cut', 'share', 'upload'],
      things: ['the film', 'the photos of last summer', 'the podcast', 'the screen recording'],
    },
    // The web.
    {
      actions: ['open', 'go to', 'visit', 'reload'],
      things: ['the web browser', 'a web page', 'my inbox', 'the online shop', 'the task manager'],
    },
    {
      actions: ['download', 'bookmark', 'search the web for', 'google'],
      things: ['the new drivers', 'the annual report of the bank', 'a recipe for soup', 'cheap flights'],
    },
    {
      actions: ['check', 'show', 'tell me'],
      things: ['the weather forecast', 'the stock price', 'the news', 'the time in Tokyo'],
    },
    {
      actions: ['look up', 'find out', 'read me'],
      things: ['the opening hours of the museum', 'the exchange rate', 'the football results', 'the train timetable'],
    },
    {
      actions: ['book', 'find', 'order', 'cancel'],
      things: ['a flight', 'a hotel room', 'a taxi', 'a table in a restaurant', 'a meeting room'],
    },
    {
      actions: ['buy', 'pay', 'return', 'pay for'],
      things: ['the phone bill', 'two concert tickets', 'the shoes from the shop', 'the invoice at the bank'],
    },
    // The computer and the house.
    { actions: ['restart', 'shut down', 'lock', 'update'], things: ['the computer', 'Windows', 'the laptop'] },
    {
      actions: ['install', 'uninstall', 'scan for', 'repair'],
      things: ['the printer driver', 'a virus', 'the new app', 'the antivirus software'],
    },
    {
      actions: ['connect to', 'disconnect from', 'switch off', 'set up'],
      things: ['the wireless network', 'the second monitor', 'the Bluetooth headset', 'the office VPN'],
    },
    {
      actions: ['unzip', 'back up', 'defragment', 'format'],
      things: ['the hard disk', 'the USB stick', 'the downloads folder', 'the backup drive'],
    },
    {
      actions: ['dim', 'turn on', 'turn off', 'adjust'],
      things: ['the lights in the office', 'the heating', 'the coffee machine', 'the air conditioning'],
    },
    {
      actions: ['run', 'debug', 'compile', 'deploy'],
      things: ['the program', 'the Python script', 'the unit tests', 'the website'],
    },
  ],
  test: [
    { actions: ['insert', 'create'], things: ['a pivot chart', 'a slide layout', 'a new workbook'] },
    { actions: ['play', 'stop'], things: ['the next song', 'the video'] },
    { actions: ['open', 'go to'], things: ['the mail inbox', 'the web shop', 'the browser'] },
    { actions: ['reply to', 'forward'], things: ['the email from my boss', 'the last message'] },
    { actions: ['book', 'order'], things: ['a train ticket', 'a hotel', 'a pizza'] },
    { actions: ['freeze', 'filter'], things: ['the first column of the sheet', 'row 3 of the worksheet'] },
    { actions: ['restart', 'update'], things: ['my laptop', 'this computer'] },
    { actions: ['check', 'tell me'], things: ['the weather', 'the time in London', 'the traffic'] },
  ],
};
