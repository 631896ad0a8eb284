import { randomUUID } from 'node:crypto';
import type { StoredCredential } from './rows.ts';

export interface Values {
  /** In every secret value, and nowhere else. */
  readonly canary: string;
  of(stored: StoredCredential): string;
}

export function createValues(): Values {
  const canary = randomUUID().replaceAll('-', '');
  return {
    canary,
    of({ value = 'good' }) {
      switch (value) {
        case 'good':
          return `sk-good-${canary}`;
        case 'dead':
          return `sk-dead-${canary}`;
        case 'two-lines':
          return `sk-first-${canary}\nsecond-${canary}`;
        case 'plain':
          return 'acme';
      }
    },
  };
}
