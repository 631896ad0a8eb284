/** Strokes on a 16 × 16 grid. */
const PATHS = {
  back: 'M10 3 5 8l5 5',
  chevron: 'm4 6 4 4 4-4',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.500 3.200 3.200L13 4.800',
  copy: 'M6 5.500h7v8H6zM10 5.500v-3H3v8h3',
  folder: 'M2 4.500h4l1.500 1.500H14v7H2z',
  gear: 'M8 5.800a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400zM8 1.800v1.700M8 12.500v1.700M1.800 8h1.700M12.500 8h1.700M3.600 3.600l1.200 1.200M11.200 11.200l1.200 1.200M12.400 3.600l-1.200 1.200M4.800 11.200l-1.200 1.200',
  key: 'M10.500 2.500a3 3 0 1 1-2.600 4.500L3 12v1.500h2V12h1.500v-1.500l1.700-1.600M11 5.300v.1',
  log: 'M3 3h10M3 6.300h10M3 9.700h7M3 13h5',
  network:
    'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c2 1.700 2.600 3.700 2.600 6S10 12.300 8 14c-2-1.700-2.600-3.700-2.600-6S6 3.700 8 2z',
  plan: 'm2.500 4 1 1 1.800-2M8 4h5.500M2.500 8.500l1 1 1.800-2M8 8.500h5.500M3 13h1.500M8 13h5.500',
  question: 'M6 6a2 2 0 1 1 2.800 1.900c-.5.200-.8.600-.8 1.100v.500M8 12v.1',
  send: 'M8 13V3M4 7l4-4 4 4',
  shield: 'M8 2 3 4v4c0 3 2.200 5 5 6 2.800-1 5-3 5-6V4z',
  stop: 'M4.500 4.500h7v7h-7z',
  thought:
    'M3 4.500A1.500 1.500 0 0 1 4.500 3h7A1.500 1.500 0 0 1 13 4.500v5a1.500 1.500 0 0 1-1.500 1.500H8l-3 2.500V11h-.5A1.500 1.500 0 0 1 3 9.500z',
  tool: 'm3 4 3.500 3.500L3 11M8 12h5',
  warning: 'M8 2.500 1.800 13.200h12.400zM8 6.500v3M8 11.500v.1',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: what it means stands beside it in words. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
