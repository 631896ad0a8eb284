import { createContext } from 'react';

/** A part of the conversation that can be searched: the rows of one turn. */
interface Searchable {
  texts(): readonly string[];
  /** Brings the row into sight, wherever it is. */
  show(index: number): void;
}

export interface Hit {
  readonly turnId: string;
  readonly index: number;
}

export interface FindPlaces {
  /** Returns the way to take it off again. */
  register(turnId: string, searchable: Searchable): () => void;
  /** In the order of the turns. */
  hits(query: string, turnIds: readonly string[]): Hit[];
  show(hit: Hit): void;
}

/** Where to search; the browser's own search sees only the rows that are laid out. */
export function createFindPlaces(): FindPlaces {
  const places = new Map<string, Searchable>();
  return {
    register(turnId, searchable) {
      places.set(turnId, searchable);
      return () => {
        if (places.get(turnId) === searchable) places.delete(turnId);
      };
    },
    hits(query, turnIds) {
      const wanted = query.trim().toLocaleLowerCase();
      if (wanted === '') return [];
      return turnIds.flatMap((turnId) =>
        (places.get(turnId)?.texts() ?? []).flatMap((text, index) =>
          text.toLocaleLowerCase().includes(wanted) ? [{ turnId, index }] : [],
        ),
      );
    },
    show: ({ turnId, index }) => places.get(turnId)?.show(index),
  };
}

interface FindScope {
  readonly places: FindPlaces;
  readonly current: Hit | null;
  /** The element that scrolls the conversation. */
  readonly box: { readonly current: HTMLDivElement | null };
}

export const FindContext = createContext<FindScope | null>(null);
