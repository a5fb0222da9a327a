/** `npm run build`: installs and compiles, each if something changed. */
import { setUp } from './setup.mjs';

setUp();
