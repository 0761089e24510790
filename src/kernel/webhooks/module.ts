import { defineJob } from '../jobs/job.ts'
import { defineModule } from '../module.ts'
import { deliverDue, WEBHOOK_OFF } from './deliver.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { webhooksPage } from './pages/list.tsx'
import { newWebhookPage } from './pages/new.tsx'
import { webhookSecretPage } from './pages/secret.tsx'
import { webhookAgainPage, webhookPage, webhookStatePage, webhookTestPage } from './pages/show.tsx'
import { LIST_PATH } from './paths.ts'
import { webhookRetention } from './retention.ts'
import { moveWebhookSecrets } from './secrets.ts'
import { WEBHOOK_TASK } from './send-event.ts'
import { ADMINISTER } from './subscriptions.ts'

/** Programs of organisations are told what happened, by signed calls. */
export const webhooksPart = defineModule({
  name: 'webhooks',
  permissions: { [ADMINISTER]: ['administrator'] },
  // The page for a new one before the address of one: both stand below the list.
  pages: [
    webhooksPage,
    newWebhookPage,
    webhookPage,
    webhookSecretPage,
    webhookTestPage,
    webhookStatePage,
    webhookAgainPage,
  ],
  navigation: [{ label: 'webhooks.title', icon: 'share', href: LIST_PATH, permission: ADMINISTER, section: 'records' }],
  notifications: [
    { kind: WEBHOOK_OFF, label: 'webhooks.kind.off', mail: 'now', gatherMinutes: 15, permission: ADMINISTER },
  ],
  jobs: { [WEBHOOK_TASK]: defineJob({ run: (ctx) => deliverDue(ctx) }) },
  cron: [{ task: WEBHOOK_TASK, match: '* * * * *' }],
  retention: webhookRetention,
  moveKey: moveWebhookSecrets,
  messages: { tg, ru, en },
})
