import { useId, useState } from 'react';
import { useServices, useSlices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText, useErrorSentence } from '../failure/error-text.tsx';
import { shortPath } from '../i18n/format.ts';
import { workingDirectory } from '../stores/select.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { List } from '../ui/list.tsx';
import { SubmitForm } from '../ui/submit-form.tsx';
import { DirectoryInput } from './directory-input.tsx';
import { type TypedLook, useTypedFolder } from './use-typed-folder.ts';

const TOGGLE_CHARS = 15;
const LIST_CHARS = 44;

/** Where the next turn works: shown short, changed in place. */
export function DirectoryField() {
  const t = useT();
  const app = useSlices('host', 'settings');
  const [open, setOpen] = useState(false);
  const panel = useId();
  const current = workingDirectory(app);
  const isScratch = current === app.host.scratchDir;
  return (
    <div className="field">
      <span className="label" aria-hidden="true">
        {t('directory')}
      </span>
      <button
        type="button"
        className="directory-toggle"
        aria-expanded={open}
        aria-controls={panel}
        title={current}
        onClick={() => setOpen(!open)}
      >
        <span className="visually-hidden">{t('labelled', { label: t('directory') })} </span>
        <Icon name="folder" />
        <span className="directory-path">{isScratch ? t('directory.scratch') : shortPath(current, TOGGLE_CHARS)}</span>
        <Icon name="chevron" />
      </button>
      <div id={panel} hidden={!open}>
        {open && <DirectoryPanel current={current} onDone={() => setOpen(false)} />}
      </div>
    </div>
  );
}

function DirectoryPanel({ current, onDone }: { current: string; onDone: () => void }) {
  const t = useT();
  const { host, recentProjects } = useSlices('host', 'recentProjects');
  const { transport } = useServices();
  const id = useId();
  const [text, setText] = useState(current === host.scratchDir ? '' : current);
  const { look, error: lookError } = useTypedFolder(text);
  const use = useAction(async (projectDir: string) => {
    await transport.call('settings.update', { patch: { projectDir } });
    onDone();
  });
  const choose = useAction(async () => {
    const { projectDir } = await transport.call('projects.choose', {});
    if (projectDir !== null) await use.run(projectDir);
  });
  const usable = look?.problem === undefined ? (look?.directory ?? null) : null;
  const others = [...new Set([...recentProjects, host.scratchDir])].filter((directory) => directory !== current);
  return (
    <SubmitForm className="directory-panel" onSubmit={() => usable !== null && use.run(usable)}>
      <label htmlFor={id}>{t('directory.path')}</label>
      <div className="row directory-row">
        <DirectoryInput id={id} text={text} onText={setText} completions={look?.completions ?? []} />
        <Button type="submit" disabled={use.pending || usable === null} aria-describedby={`${id}-finding`}>
          {t('directory.use')}
        </Button>
        {host.canChooseFolder && <Button onClick={() => choose.run()}>{t('directory.choose')}</Button>}
      </div>
      <TypedFinding id={`${id}-finding`} look={look} typed={text} />
      <ErrorText error={use.error ?? choose.error ?? lookError} />
      {others.length > 0 && (
        <List className="directory-list" aria-label={t('directory.recent')}>
          {others.map((directory) => (
            <li key={directory}>
              <button type="button" title={directory} onClick={() => use.run(directory)}>
                {directory === host.scratchDir ? t('directory.scratch') : shortPath(directory, LIST_CHARS)}
              </button>
            </li>
          ))}
        </List>
      )}
    </SubmitForm>
  );
}

/** Why the folder cannot be used; where it can, which one is meant. */
function TypedFinding({ id, look, typed }: { id: string; look: TypedLook | undefined; typed: string }) {
  const t = useT();
  const sentence = useErrorSentence();
  const problem = look?.problem;
  const meant = look?.directory ?? null;
  return (
    <p className={problem === undefined ? 'hint' : 'directory-problem'} id={id} role="status">
      {problem !== undefined && <Icon name="warning" />}
      {problem !== undefined && <span>{sentence(problem)}</span>}
      {problem === undefined && meant !== null && meant !== typed && t('directory.meant', { path: meant })}
    </p>
  );
}
