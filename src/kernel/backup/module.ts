import { defineModule } from '../module.ts'
import { backupCommand, restoreCommand } from './commands.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

/** Everything at one moment, brought elsewhere and back. */
export const backupPart = defineModule({
  name: 'backup',
  commands: [backupCommand, restoreCommand],
  messages: { tg, ru, en },
})
