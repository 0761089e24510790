import { defineModule } from '../module.ts'
import { reapCommand } from './commands.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { reapJob } from './reap.ts'
import { rewrapFiles } from './rewrap.ts'

/** What is kept outside the tables: received, looked at, encrypted where protected, forgotten in time. */
export const filesPart = defineModule({
  name: 'files',
  jobs: { 'files.reap': reapJob },
  cron: [{ task: 'files.reap', match: '20 * * * *' }],
  commands: [reapCommand],
  moveKey: rewrapFiles,
  messages: { tg, ru, en },
})
