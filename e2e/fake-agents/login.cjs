/**
 * A login that prints a token: for Node under the name of an agent's program, which runs it as `NAME setup-token`.
 * The token stands in `token` beside it. It comes in pieces, coloured, in a frame, and is painted twice.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const token = readFileSync(join(__dirname, 'token'), 'utf8');
const { stdin, stdout } = process;
const pause = () => new Promise((resolve) => setImmediate(resolve));

async function paint() {
  for (let at = 0; at < token.length; at += 40) {
    stdout.write('\u001b[90m│\u001b[39m ');
    for (const character of token.slice(at, at + 40)) {
      stdout.write(`\u001b[3${at % 8}m${character}\u001b[39m`);
      await pause();
    }
    stdout.write('\u001b[44G\u001b[90m│\u001b[39m\r\n');
  }
}

async function main() {
  stdin.setRawMode(true);
  stdout.write('Open https://example.org/authorize?code=true to sign in.\r\nPaste the code here > ');
  let typed = '';
  for await (const keys of stdin) {
    typed += String(keys);
    if (!typed.includes('\r')) continue;
    stdout.write('\r\n\r\n');
    await paint();
    stdout.write('\u001b[3A\u001b[J');
    await paint();
    stdout.write('Store it safely.\r\n');
    process.exit(0);
  }
}
void main();
