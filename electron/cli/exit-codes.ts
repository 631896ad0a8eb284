export const EXIT = {
  ok: 0,
  /** The turn failed, or whatever the command was to do. */
  failed: 1,
  usage: 2,
  /** The turn was refused before anything started. */
  refused: 3,
  /** The turn ended, and without a terminal to ask on what the agent asked for was declined: its work may be undone. */
  declined: 4,
  /** Left at once, on a second Ctrl+C (128 + SIGINT). */
  interrupted: 130,
} as const;
