import { useSlices, useT } from '../../context/services.tsx';
import { shortPath } from '../../i18n/format.ts';
import { List } from '../../ui/list.tsx';
import { Forget } from './forget.tsx';

/** The data that Perch keeps for single projects, and the way to delete it. */
export function ForgetCard() {
  const t = useT();
  const { recentProjects, credentials } = useSlices('recentProjects', 'credentials');
  const scoped = credentials.flatMap(({ scope }) => (scope.kind === 'project' ? scope.projectDir : []));
  const projects = [...new Set([...recentProjects, ...scoped])];
  return (
    <section className="card" aria-labelledby="forget-heading">
      <h3 id="forget-heading">{t('forget.heading')}</h3>
      <p className="hint">{t('forget.hint')}</p>
      {projects.length > 0 && (
        <List className="stack" aria-label={t('forget.projects')}>
          {projects.map((projectDir) => (
            <li key={projectDir}>
              <code title={projectDir}>{shortPath(projectDir, 48)}</code>
              <Forget
                target={{ kind: 'project', projectDir }}
                label={t('forget.project', { project: shortPath(projectDir, 30) })}
              />
            </li>
          ))}
        </List>
      )}
      <Forget target={{ kind: 'everything' }} label={t('forget.everything')} word={t('forget.word')} />
    </section>
  );
}
