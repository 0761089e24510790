import { defineModule } from '../module.ts'
import { eraseJob } from './erase.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

/** Nothing about people is kept longer than the parts say. */
export const retentionPart = defineModule({
  name: 'retention',
  jobs: { 'retention.erase': eraseJob },
  // In the night of Dushanbe.
  cron: [{ task: 'retention.erase', match: '25 21 * * *' }],
  messages: { tg, ru, en },
})
