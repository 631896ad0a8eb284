export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle';

/** Colour for the eye; the words are beside it. */
export function StatusDot({ tone }: { tone: Tone }) {
  return <span className={`dot dot-${tone}`} aria-hidden="true" />;
}
