import { defineModule } from '../module.ts'
import { countUnread } from './inbox.ts'
import { notificationJobs } from './jobs.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { notificationListPage, notificationPage } from './pages/list.tsx'
import { outboxPage } from './pages/outbox.tsx'
import { settingsPage } from './pages/settings.tsx'
import { LIST_PATH } from './paths.ts'
import { notificationRetention } from './retention.ts'

/** What people are told, in their list and by e-mail. */
export const notificationsPart = defineModule({
  name: 'notifications',
  // Settings before the address of one: both stand below the list.
  pages: [notificationListPage, settingsPage, notificationPage, outboxPage],
  navigation: [{ label: 'notifications.badge', icon: 'bell', href: LIST_PATH, count: countUnread, section: 'bar' }],
  jobs: notificationJobs,
  cron: [{ task: 'notifications.mail', match: '* * * * *' }],
  retention: notificationRetention,
  messages: { tg, ru, en },
})
