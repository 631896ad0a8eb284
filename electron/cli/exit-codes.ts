export const EXIT = {
  ok: 0,
  /** The turn failed, or whatever the command was to do. */
  failed: 1,
  usage: 2,
  /** The turn was refused before anything started. */
  refused: 3,
  /** Left at once, on a second Ctrl+C (128 + SIGINT). */
  interrupted: 130,
} as const;
