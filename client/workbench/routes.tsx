/** Which page stands at which path. The report, with its charts, is a piece of its own that loads when it is opened. */
import { createBrowserRouter, type RouteObject } from 'react-router';
import { AccountPage } from './accounts/account.tsx';
import { AccountsPage } from './accounts/accounts.tsx';
import { InvitationPage } from './accounts/invitation.tsx';
import { MembersPage } from './accounts/members.tsx';
import { PasswordPage } from './accounts/password.tsx';
import { AskResetPage, ResetPasswordPage } from './accounts/password-reset.tsx';
import { SetupPage } from './accounts/setup.tsx';
import { SignInPage } from './accounts/sign-in.tsx';
import { AmendmentsPage } from './administrations/amendments.tsx';
import { InformationPage } from './administrations/information.tsx';
import { NewAdministrationPage } from './administrations/new.tsx';
import { PlanPart } from './administrations/plan.tsx';
import { WavesPage } from './administrations/waves.tsx';
import { AuditPage, StudyAuditPage } from './audit/audit.tsx';
import { DataPart } from './data/data.tsx';
import { EditDatasetPage, NewDatasetPage } from './datasets/dataset.tsx';
import { DatasetsPage } from './datasets/datasets.tsx';
import { DosePart } from './fidelity/dose.tsx';
import { FidelityLayout } from './fidelity/fidelity.tsx';
import { LatePart } from './fidelity/late.tsx';
import { ModelPart } from './fidelity/model.tsx';
import { PicturePart } from './fidelity/picture.tsx';
import { QualityPart } from './fidelity/quality.tsx';
import { RelationsPart } from './fidelity/relations.tsx';
import { SourcesPart } from './fidelity/sources.tsx';
import { AdministrationLayout } from './fieldwork/administration.tsx';
import { CallsPart } from './fieldwork/calls.tsx';
import { LinksPart } from './fieldwork/links.tsx';
import { RatesPart } from './fieldwork/rates.tsx';
import { InstrumentPage } from './instruments/instrument.tsx';
import { InstrumentsPage } from './instruments/instruments.tsx';
import { NewInstrumentPage } from './instruments/new.tsx';
import { BrokenPage, Layout, NotFoundPage, QuietLayout } from './layout.tsx';
import { MessagesPart } from './messages/messages.tsx';
import { TextsPart } from './messages/texts.tsx';
import { OverviewPage } from './overview/overview.tsx';
import { PaperPart } from './paper/paper.tsx';
import { Loading } from './parts/loaded.tsx';
import { CodeMatchesPage } from './rights/code-matches.tsx';
import { PersonRightsPage } from './rights/person.tsx';
import { RightsPage } from './rights/rights.tsx';
import { ChecksPart } from './rosters/checks.tsx';
import { ImportPart } from './rosters/import.tsx';
import { MemberList } from './rosters/member-list.tsx';
import { RostersLayout } from './rosters/rosters.tsx';
import { StudiesPage } from './studies/studies.tsx';
import { StudyPage } from './studies/study.tsx';
import { EditStudyPage, NewStudyPage } from './studies/study-form.tsx';

export const routes: RouteObject[] = [
  {
    element: <QuietLayout />,
    errorElement: <BrokenPage />,
    children: [
      { path: 'sign-in', element: <SignInPage /> },
      { path: 'setup/:token', element: <SetupPage /> },
      { path: 'invitation/:token', element: <InvitationPage /> },
      { path: 'password-reset', element: <AskResetPage /> },
      { path: 'password-reset/:token', element: <ResetPasswordPage /> },
    ],
  },
  {
    element: <Layout />,
    errorElement: <BrokenPage />,
    children: [
      { index: true, element: <StudiesPage /> },
      { path: 'studies/new', element: <NewStudyPage /> },
      { path: 'studies/:study', element: <StudyPage /> },
      { path: 'studies/:study/edit', element: <EditStudyPage /> },
      { path: 'studies/:study/overview', element: <OverviewPage /> },
      {
        path: 'studies/:study/rosters',
        element: <RostersLayout />,
        children: [
          { index: true, element: <MemberList key="clusters" kind="clusters" /> },
          { path: 'schools', element: <MemberList key="schools" kind="schools" /> },
          { path: 'people', element: <MemberList key="people" kind="people" /> },
          { path: 'checks', element: <ChecksPart /> },
          { path: 'import', element: <ImportPart /> },
        ],
      },
      {
        path: 'studies/:study/fidelity',
        element: <FidelityLayout />,
        children: [
          { index: true, element: <PicturePart /> },
          { path: 'dose', element: <DosePart /> },
          { path: 'sources', element: <SourcesPart /> },
          { path: 'relations', element: <RelationsPart /> },
          { path: 'late', element: <LatePart /> },
          { path: 'quality', element: <QualityPart /> },
          { path: 'model', element: <ModelPart /> },
        ],
      },
      { path: 'studies/:study/members', element: <MembersPage /> },
      { path: 'studies/:study/audit', element: <StudyAuditPage /> },
      { path: 'studies/:study/rights', element: <RightsPage /> },
      { path: 'studies/:study/code-matches', element: <CodeMatchesPage /> },
      { path: 'studies/:study/datasets', element: <DatasetsPage /> },
      { path: 'studies/:study/new-dataset', element: <NewDatasetPage /> },
      { path: 'studies/:study/datasets/:dataset', element: <EditDatasetPage /> },
      {
        path: 'studies/:study/reports',
        hydrateFallbackElement: <Loading what="the reports" />,
        children: [
          { index: true, lazy: async () => ({ Component: (await import('./reports/reports.tsx')).ReportsPage }) },
          {
            path: 'evaluation',
            lazy: async () => ({ Component: (await import('./reports/evaluation.tsx')).EvaluationPage }),
          },
          {
            path: 'schools/:school',
            lazy: async () => ({ Component: (await import('./reports/school.tsx')).SchoolReportPage }),
          },
        ],
      },
      { path: 'studies/:study/people/:person/rights', element: <PersonRightsPage /> },
      { path: 'studies/:study/waves', element: <WavesPage /> },
      { path: 'studies/:study/information', element: <InformationPage /> },
      { path: 'studies/:study/amendments', element: <AmendmentsPage /> },
      { path: 'studies/:study/new-administration', element: <NewAdministrationPage /> },
      {
        path: 'studies/:study/administrations/:administration',
        element: <AdministrationLayout />,
        children: [
          { index: true, element: <RatesPart /> },
          { path: 'calls', element: <CallsPart /> },
          { path: 'plan', element: <PlanPart /> },
          { path: 'links', element: <LinksPart /> },
          { path: 'paper', element: <PaperPart /> },
          {
            path: 'paper/:form',
            hydrateFallbackElement: <Loading what="the paper form" />,
            lazy: async () => {
              const { PaperFormPart } = await import('./paper/form.tsx');
              return { element: <PaperFormPart /> };
            },
          },
          { path: 'messages', element: <MessagesPart /> },
          { path: 'texts', element: <TextsPart /> },
          { path: 'data', element: <DataPart /> },
          {
            path: 'report',
            hydrateFallbackElement: <Loading what="the report" />,
            lazy: async () => {
              const { ReportPart } = await import('./reports/report.tsx');
              return { element: <ReportPart /> };
            },
          },
        ],
      },
      { path: 'instruments', element: <InstrumentsPage /> },
      { path: 'instruments/new', element: <NewInstrumentPage /> },
      {
        path: 'instruments/drafts/:draft',
        hydrateFallbackElement: <Loading what="the workshop" />,
        lazy: async () => {
          const { DraftPage } = await import('./instruments/drafts/draft.tsx');
          return { element: <DraftPage /> };
        },
      },
      {
        path: 'instruments/:instrument/compare',
        hydrateFallbackElement: <Loading what="the comparison" />,
        lazy: async () => {
          const { ComparePage } = await import('./instruments/compare.tsx');
          return { element: <ComparePage /> };
        },
      },
      { path: 'instruments/:instrument/versions/:version', element: <InstrumentPage /> },
      { path: 'accounts', element: <AccountsPage /> },
      { path: 'audit', element: <AuditPage /> },
      { path: 'account', element: <AccountPage /> },
      { path: 'account/password', element: <PasswordPage /> },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
];

export const makeRouter = () => createBrowserRouter(routes);
