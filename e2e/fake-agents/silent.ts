/** Reads, and never answers anything. Stays when its input ends. */
process.stdin.resume();
setInterval(() => undefined, 60_000);
