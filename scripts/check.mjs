/** `npm run check`: types of every room, lint and format, import law. The one gate. */
import { ensureInstalled } from './lib/install.mjs';
import { must } from './lib/run.mjs';

await ensureInstalled();
await must('tsc', ['-b']);
await must('biome', ['check', '--error-on-warnings', '.']);
await must('vitest', ['run', 'scripts']);
