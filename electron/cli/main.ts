import { join } from 'node:path';
import { bootProgram, endOnStderr } from '../core/boot/boot.ts';

/** Put in by the build; absent when the sources run as they are. */
declare const __PERCH_VERSION__: string | undefined;

const inSources = import.meta.filename.endsWith('.ts');
await bootProgram({
  host: 'cli',
  version: typeof __PERCH_VERSION__ === 'string' ? __PERCH_VERSION__ : '0.0.0-source',
  resourcesDir: join(import.meta.dirname, inSources ? '../../resources' : '../resources'),
  environment: { ...process.env },
  load: () => import('./program.ts'),
  end: endOnStderr,
  rejectionsEnd: true,
});
