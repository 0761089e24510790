import { exportPages } from '#kernel/exports/pages/save.ts'
import { defineModule } from '#kernel/module.ts'
import { expulsionsApi } from './api.ts'
import { appealNews, appealsJob } from './appeal-reminders.ts'
import { countWaiting } from './batches.ts'
import { expulsionsDemo } from './demo.ts'
import { HOME_HELP, homeNews } from './home-help.ts'
import { listImport } from './import.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { moveExpulsionsKey } from './move-key.ts'
import { BATCH_CAME, BATCHES, DECISION_CAME, escalations, PROCEEDINGS, proceedingNews, relayNews } from './notices.ts'
import { givenOver } from './own-log.ts'
import { acknowledgementPage, batchPage, questionsPage } from './pages/batch.tsx'
import { batchLettersPage } from './pages/batch-letters.tsx'
import { DISTRICT_OFFICES, districtOfficesPage } from './pages/district-offices.tsx'
import { DRAFT, draftPage, measureDraftPage, proceedingDraftPage } from './pages/draft.tsx'
import { rowsExport } from './pages/export.ts'
import { giveHomePage, homeHelpPage, NEW_HOME_HELP, offerHomePage } from './pages/home-help.tsx'
import { batchesPage } from './pages/list.tsx'
import { correctionPage, measurePage } from './pages/measure.tsx'
import { newNoticePage } from './pages/new-notice.tsx'
import { personHelpPage, proceedingTellingPage } from './pages/person-help.tsx'
import { newProceedingPage, proceedingPage } from './pages/proceeding.tsx'
import { proceedingsPage } from './pages/proceedings.tsx'
import { questionPage } from './pages/question.tsx'
import { routeEndPage, routesPage } from './pages/routes.tsx'
import { measuresPanel } from './person-panel.tsx'
import { receiveProceedingJob } from './proceedings.ts'
import { reckonJob, startReckoning } from './reckoning.ts'
import { rekeyRefusalsJob, startRekeying } from './rekeying.ts'
import { releaseJob, remindJob } from './reminders.ts'
import { expulsionsNeeds, expulsionsRetention } from './retention.ts'
import { expulsionWork } from './work.ts'

/** Notices of expulsion: pending proceedings, in which help is possible, and measures, which every office must know of. */
export const expulsionsModule = defineModule({
  name: 'expulsions',
  permissions: {
    'expulsion.read': ['consul', 'notice_officer', 'notice_recipient'],
    'expulsion.acknowledge': ['consul', 'notice_officer', 'notice_recipient'],
    'expulsion.import': ['consul', 'notice_officer'],
    'expulsion.answer': ['consul', 'notice_officer'],
    'expulsion.correct': ['consul', 'notice_officer'],
    'expulsion.help': ['consul', 'notice_officer'],
    'expulsion.oversee': ['notice_officer'],
    'home_help.give': ['consul', 'notice_officer', 'adviser'],
    'home_help.follow': ['employment_officer'],
    'expulsion.route': ['platform_administrator'],
  },
  // Measures against people: nobody but who signs puts them here without a person.
  clients: { 'expulsion.import': 'signature' },
  pages: [
    draftPage,
    measureDraftPage,
    proceedingDraftPage,
    batchesPage,
    newNoticePage,
    routesPage,
    routeEndPage,
    ...exportPages(rowsExport, `${BATCHES}/rows`),
    questionPage,
    measurePage,
    homeHelpPage,
    offerHomePage,
    districtOfficesPage,
    giveHomePage,
    personHelpPage,
    correctionPage,
    batchPage,
    acknowledgementPage,
    batchLettersPage,
    questionsPage,
    proceedingsPage,
    newProceedingPage,
    proceedingTellingPage,
    proceedingPage,
  ],
  navigation: [
    {
      label: 'expulsions.list.title',
      icon: 'send',
      href: BATCHES,
      permission: 'expulsion.read',
      count: countWaiting,
    },
    { label: 'expulsions.proceedings.title', icon: 'clock', href: PROCEEDINGS, permission: 'expulsion.help' },
    { label: 'expulsions.home.title', icon: 'pin', href: NEW_HOME_HELP, permission: 'home_help.give' },
    { label: 'expulsions.home.list', icon: 'person', href: HOME_HELP, permission: 'home_help.follow' },
    {
      label: 'expulsions.home.offices',
      icon: 'pin',
      href: DISTRICT_OFFICES,
      permission: 'expulsion.route',
      section: 'records',
    },
    {
      label: 'expulsions.routes.title',
      icon: 'send',
      href: `${BATCHES}/routes`,
      permission: 'expulsion.route',
      section: 'records',
    },
  ],
  retention: expulsionsRetention,
  personNeeds: expulsionsNeeds,
  ownLog: [givenOver],
  home: [{ station: 'abroad', icon: 'doc', label: 'expulsions.draft.title', href: DRAFT }],
  sitemap: async () => [{ path: DRAFT }],
  workItems: expulsionWork,
  personPanels: [measuresPanel],
  subjects: {
    batch: { label: 'expulsions.batch.title', href: (reference) => `${BATCHES}/${reference}` },
    measure: { label: 'expulsions.measure.title', href: (reference) => `${BATCHES}/measures/${reference}/person` },
    proceeding: { label: 'expulsions.proceeding.title', href: (reference) => `${PROCEEDINGS}/${reference}` },
  },
  notifications: [relayNews, escalations, proceedingNews, appealNews, homeNews],
  webhookEvents: [
    { event: BATCH_CAME, label: 'expulsions.webhook.came' },
    { event: DECISION_CAME, label: 'expulsions.webhook.decided' },
  ],
  api: expulsionsApi,
  imports: [listImport],
  exports: [rowsExport],
  jobs: {
    'expulsions.receive_proceeding': receiveProceedingJob,
    'expulsions.appeals': appealsJob,
    'expulsions.remind': remindJob,
    'expulsions.release': releaseJob,
    'expulsions.rekey': rekeyRefusalsJob,
    'expulsions.reckon': reckonJob,
  },
  async reference(db) {
    await startRekeying(db)
    await startReckoning(db)
  },
  cron: [
    { task: 'expulsions.appeals', match: '27 * * * *' },
    { task: 'expulsions.remind', match: '7 * * * *' },
    { task: 'expulsions.release', match: '17 * * * *' },
  ],
  moveKey: moveExpulsionsKey,
  demo: expulsionsDemo,
  messages: { tg, ru, en },
})
