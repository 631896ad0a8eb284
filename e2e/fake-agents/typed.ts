import { createInterface } from 'node:readline';

/** Any program in a terminal: it says what it is told, what it has in its environment, and ends as it is asked to. */
console.log(`ready in ${process.stdout.columns} columns`);
process.on('SIGINT', () => {
  console.log('interrupted');
  process.exit(130);
});
process.stdout.on('resize', () => console.log(`now ${process.stdout.columns} columns`));
createInterface({ input: process.stdin }).on('line', (line) => {
  const [word = '', rest = ''] = line.split(' ');
  if (word === 'exit') process.exit(Number(rest));
  else if (word === 'show') console.log(`${rest} is ${process.env[rest] ?? 'not set'}`);
  else if (word === 'lines') for (let at = 1; at <= Number(rest); at++) console.log(`line ${at} of ${rest}`);
  else console.log(`you said: ${line}`);
});
