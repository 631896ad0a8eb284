import { type KeyboardEvent, useState } from 'react';
import { useT } from '../context/services.tsx';

const MAX_CHARS = 4096;

interface InputProps {
  readonly id: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly completions: readonly string[];
}

/** A path, with the folders that it may become below it: arrows choose, Enter takes one, and typing goes on in it. */
export function DirectoryInput({ id, text, onText, completions }: InputProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const isOpen = open && completions.length > 0;
  const chosen = isOpen ? completions[active] : undefined;
  const take = (directory: string) => {
    onText(`${directory}${directory.includes('\\') ? '\\' : '/'}`);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setOpen(true);
      const { length } = completions;
      if (length > 0) setActive(active === -1 && step === -1 ? length - 1 : (active + step + length) % length);
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      setActive(-1);
    }
  };
  return (
    <div className="directory-input">
      <input
        id={id}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-matches`}
        aria-autocomplete="list"
        aria-activedescendant={chosen === undefined ? undefined : `${id}-match-${active}`}
        aria-describedby={`${id}-finding`}
        value={text}
        maxLength={MAX_CHARS}
        spellCheck={false}
        autoComplete="off"
        placeholder={t('directory.placeholder')}
        onChange={(event) => {
          onText(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <div
        className="model-list directory-matches"
        role="listbox"
        id={`${id}-matches`}
        hidden={!isOpen}
        aria-label={t('directory.matches')}
      >
        {isOpen &&
          completions.map((directory, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard by the field, which keeps the focus
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
            <div
              key={directory}
              id={`${id}-match-${at}`}
              role="option"
              className="model-option"
              aria-selected={at === active}
              data-active={at === active ? '' : undefined}
              title={directory}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(directory)}
            >
              {directory}
            </div>
          ))}
      </div>
    </div>
  );
}
