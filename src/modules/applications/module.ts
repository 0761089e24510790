import { exportPages } from '#kernel/exports/pages/save.ts'
import { defineModule } from '#kernel/module.ts'
import { ALERTS_TASK, alertsJob } from './alerts/deliver.ts'
import { checkInsJob } from './check-ins.ts'
import { applicationsDemo } from './demo.ts'
import { countReceived } from './inbox.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { applicationNews, helpNews, INBOX, TELL_SEEKER } from './notices.ts'
import { alertPage, alertSentPage, newAlertPage, shortAlert } from './pages/alerts.tsx'
import { applyKnownPage, applyPage } from './pages/apply.tsx'
import { ASSIST, assistedPage } from './pages/assisted.tsx'
import { candidatesPage } from './pages/candidates.tsx'
import { checkInPage } from './pages/check-in.tsx'
import { contractPage } from './pages/contract.tsx'
import { helpRequestPage } from './pages/help-request.tsx'
import { inboxExport, inboxPage } from './pages/inbox.tsx'
import { earlierApplicationsPage, ownApplicationsPage, ownApplicationsPanel } from './pages/own-applications.tsx'
import { applyOwnPage, ownProfilePage } from './pages/own-profile.tsx'
import { askPhonePage, notePage, receivedPage } from './pages/received.tsx'
import { applicationsRetention } from './retention.ts'
import { moveApplicationsKey } from './sealing.ts'
import { tellSeekerJob } from './tell-seeker.ts'
import { applicationsWork } from './work.ts'

/** People apply for adverts without an account; verified employers answer them, and placements are followed up. */
export const applicationsModule = defineModule({
  name: 'applications',
  permissions: {
    'application.handle': ['employer'],
    'application.assist': ['adviser', 'employment_officer'],
  },
  pages: [
    applyPage,
    applyKnownPage,
    ownApplicationsPage,
    earlierApplicationsPage,
    ownProfilePage,
    applyOwnPage,
    contractPage,
    checkInPage,
    newAlertPage,
    alertSentPage,
    alertPage,
    inboxPage,
    ...exportPages(inboxExport, INBOX),
    receivedPage,
    notePage,
    askPhonePage,
    assistedPage,
    helpRequestPage,
    candidatesPage,
  ],
  exports: [inboxExport],
  navigation: [
    {
      label: 'applications.inbox.title',
      icon: 'inbox',
      href: INBOX,
      permission: 'application.handle',
      count: async (ctx) => (await countReceived(ctx)).get('received') ?? 0,
    },
    {
      label: 'applications.candidates.title',
      icon: 'people',
      href: '/work/candidates',
      permission: 'application.handle',
    },
    { label: 'applications.assist.title', icon: 'work', href: `${ASSIST}/new`, permission: 'application.assist' },
  ],
  workItems: applicationsWork,
  myCase: ownApplicationsPanel,
  notifications: [applicationNews, helpNews],
  jobs: {
    [TELL_SEEKER]: tellSeekerJob as never,
    'applications.check_ins': checkInsJob,
    [ALERTS_TASK]: alertsJob as never,
  },
  cron: [
    // In daylight at home.
    { task: 'applications.check_ins', match: '*/30 4-13 * * *' },
    { task: ALERTS_TASK, match: '* * * * *' },
  ],
  resources: [shortAlert],
  retention: applicationsRetention,
  moveKey: moveApplicationsKey,
  demo: applicationsDemo,
  messages: { tg, ru, en },
})
