import { main } from './process.ts';

/** Put in by the build. */
declare const __PERCH_VERSION__: string;

await main({ programsDir: import.meta.dirname, version: __PERCH_VERSION__ });
