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
import { moveMailKey } from './send-mail.ts'
import { SMS_FAILED, SMS_FAILED_EVENT } from './sms/deliver.ts'
import { moveSmsKey } from './sms/sealing.ts'
import { SMS_TASK } from './sms/send-sms.ts'

/** What people are told: in their list, by e-mail and by text message. */
export const notificationsPart = defineModule({
  name: 'notifications',
  // Settings before the address of one: both stand below the list.
  pages: [notificationListPage, settingsPage, notificationPage, outboxPage],
  navigation: [{ label: 'notifications.badge', icon: 'bell', href: LIST_PATH, count: countUnread, section: 'bar' }],
  notifications: [{ kind: SMS_FAILED, label: 'notifications.kind.sms_failed', mail: 'now', gatherMinutes: 15 }],
  webhookEvents: [{ event: SMS_FAILED_EVENT, label: 'notifications.event.sms_failed' }],
  jobs: notificationJobs,
  cron: [
    { task: 'notifications.mail', match: '* * * * *' },
    { task: SMS_TASK, match: '* * * * *' },
  ],
  retention: notificationRetention,
  moveKey: async (ctx) => (await moveSmsKey(ctx)) + (await moveMailKey(ctx)),
  messages: { tg, ru, en },
})
