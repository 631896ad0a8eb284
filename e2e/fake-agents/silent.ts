/** Reads, and never answers anything; only its stderr says that it is there. Stays when its input ends. */
process.stderr.write('silent\n');
process.stdin.resume();
setInterval(() => undefined, 60_000);
