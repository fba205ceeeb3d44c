/** The way from a study to its other pages, for whoever may use them; at the head of the study's page. */
import { Link } from 'react-router';
import { useMay } from '../session.tsx';

export function StudyLinks({ study }: { study: string }) {
  const shown = [
    { to: 'overview', title: 'Overview', may: useMay('study.read', study) },
    { to: 'rosters', title: 'Rosters', may: useMay('roster.read', study) },
    { to: 'fidelity', title: 'Fidelity', may: useMay('fidelity.read', study) },
    { to: 'edit', title: 'Edit the study', may: useMay('study.manage', study) },
    { to: 'reports', title: 'Reports', may: useMay('feedback.read', study) },
    { to: 'rights', title: 'Rights and retention', may: useMay('study.read', study) },
    { to: 'datasets', title: 'Datasets and releases', may: useMay('dataset.export', study) },
    { to: 'code-matches', title: 'Code matches', may: useMay('dataset.export', study) },
    { to: 'members', title: 'People with access', may: useMay('study.share', study) },
    { to: 'audit', title: 'Audit', may: useMay('audit.read', study) },
  ].filter(({ may }) => may);
  return shown.map(({ to, title }) => (
    <Link key={to} className="button" to={`/studies/${study}/${to}`}>
      {title}
    </Link>
  ));
}
