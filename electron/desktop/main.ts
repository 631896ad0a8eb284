import { join } from 'node:path';
import { app, dialog } from 'electron';
import { bootProgram } from '../core/boot/boot.ts';

/**
 * The program that Electron starts. It is awaited whole: `ready` comes only after this module is done, and what is set
 * before it has to be set until then.
 */
await bootProgram({
  host: 'electron',
  version: app.getVersion(),
  resourcesDir: join(app.getAppPath(), 'resources'),
  environment: { ...process.env },
  load: () => import('./program.ts'),
  end(text) {
    process.stderr.write(text);
    dialog.showErrorBox('Perch', text.slice(0, 1000));
    app.exit(1);
  },
  // A window that goes on is worth more than one that is gone.
  rejectionsEnd: false,
});
