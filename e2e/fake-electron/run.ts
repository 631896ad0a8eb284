/** Runs the main module as Electron does: it is ready once that module is done. */
import { pathToFileURL } from 'node:url';
import { becomeReady } from './electron.ts';

await import(pathToFileURL(process.argv[2] ?? '').href);
setImmediate(becomeReady);
