import { defineModule } from '../module.ts'
import { organisationCommands } from './commands.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

/** The bodies that work on the platform, or are named by it. */
export const organisationsPart = defineModule({
  name: 'organisations',
  permissions: { 'organisation.administer': ['platform_administrator'] },
  commands: organisationCommands,
  messages: { tg, ru, en },
})
