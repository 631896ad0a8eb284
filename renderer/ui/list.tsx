import type { HTMLAttributes, Ref } from 'react';

/** WebKit takes the list role away from a list without bullets; these two components set it. */
export function List(props: HTMLAttributes<HTMLUListElement> & { readonly ref?: Ref<HTMLUListElement> }) {
  // biome-ignore lint/a11y/noRedundantRoles: see above
  return <ul role="list" {...props} />;
}

export function OrderedList(props: HTMLAttributes<HTMLOListElement>) {
  // biome-ignore lint/a11y/noRedundantRoles: see above
  return <ol role="list" {...props} />;
}
