import type { AnchorHTMLAttributes, ReactNode } from 'react';
import { formatRoute, type Route } from '../context/route.ts';
import { Icon, type IconName } from './icon.tsx';

interface RouteLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly to: Route;
  readonly icon?: IconName;
  readonly look?: 'text' | 'plain' | 'primary' | 'icon';
}

/** A way to another place of the window. */
export function RouteLink({ to, icon, look = 'text', className = '', children, ...rest }: RouteLinkProps) {
  const looks = look === 'text' ? 'text-link' : `button button-${look}`;
  return (
    <a href={formatRoute(to)} className={`${looks} ${className}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}

/** Out of the window, into the browser. Only web addresses: anything else is shown as text. */
export function OutsideLink({
  href,
  look = 'text',
  children,
}: {
  href: string;
  look?: 'text' | 'primary';
  children: ReactNode;
}) {
  if (!/^https?:\/\//i.test(href)) return <>{children}</>;
  return (
    <a className={look === 'text' ? 'text-link' : `button button-${look}`} href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
