import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly icon?: IconName;
}

export function Button({ look = 'plain', icon, className = '', children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button button-${look} ${className}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that is an icon to the eye and a name to everyone else. */
export function IconButton({ name, icon, ...rest }: Omit<ButtonProps, 'look'> & { name: string; icon: IconName }) {
  return (
    <button type="button" className="button button-icon" aria-label={name} title={name} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
