import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface BannerProps {
  readonly tone: 'info' | 'warn' | 'error';
  readonly icon?: IconName;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function Banner({ tone, icon = 'warning', title, children, actions }: BannerProps) {
  return (
    <div className={`banner banner-${tone}`}>
      <Icon name={icon} />
      <div className="banner-text">
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
        {actions && <div className="row banner-actions">{actions}</div>}
      </div>
    </div>
  );
}
