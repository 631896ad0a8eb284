import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer, promptText, say, serve } from './acp.ts';

/**
 * Runs what it is asked for in a shell, says what that printed, and goes on at once when it ends, whatever it left in
 * the background. At its end it notes at home how far it can still write in its folder.
 */
serve({
  'session/prompt': (message) => {
    const shell = spawn('/bin/bash', ['--norc', '-c', promptText(message)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    shell.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    shell.once('exit', () => {
      say(`${process.pid}: ${said}`);
      answer(message, { stopReason: 'end_turn' });
    });
  },
});

process.once('exit', () => {
  let how = 'written';
  try {
    writeFileSync('.vscode-at-the-end', 'x');
  } catch (error) {
    how = String((error as NodeJS.ErrnoException).code);
  }
  writeFileSync(join(process.env.HOME ?? '', 'last-words'), how);
});
