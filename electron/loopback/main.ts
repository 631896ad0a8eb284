import { join } from 'node:path';
import { bootProgram, endOnStderr } from '../core/boot/boot.ts';

/** Put in by the build. */
declare const __PERCH_VERSION__: string;

await bootProgram({
  host: 'loopback',
  version: __PERCH_VERSION__,
  resourcesDir: join(import.meta.dirname, '..', 'resources'),
  environment: { ...process.env },
  load: () => import('./program.ts'),
  end: endOnStderr,
  rejectionsEnd: true,
});
