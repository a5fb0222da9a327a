/** `npm start`: sets up, then serves in this same process, so that signals reach the gateway. */
import { setUp } from './setup.mjs';

setUp();
await import('../dist/src/server/main.js');
