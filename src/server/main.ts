#!/usr/bin/env node
/** The program. Everything it does is in cli.ts, where tests can reach it. */
import { runProcess } from './cli.ts';
import { compileEarly } from './compile-early.ts';

compileEarly();

process.exit(await runProcess({ argv: process.argv.slice(2), env: process.env }));
