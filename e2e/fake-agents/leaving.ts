import { spawn } from 'node:child_process';
import { answer, promptText, say, serve } from './acp.ts';

/**
 * Runs what it is asked for in a shell, says what that printed, and goes on at once when it ends, whatever it left in
 * the background.
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
