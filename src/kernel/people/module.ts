import { defineModule } from '../module.ts'
import { compareCommand, linkCommand } from './commands.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

/** Who is who: names, documents and dates of people, and whether two records are one of them. */
export const peoplePart = defineModule({
  name: 'people',
  commands: [linkCommand, compareCommand],
  messages: { tg, ru, en },
})
