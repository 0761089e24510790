import { defineModule } from '../module.ts'
import { loadRules } from './load.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

export const lawPart = defineModule({
  name: 'law',
  messages: { tg, ru, en },
  reference: async (db) => {
    await loadRules(db)
  },
})
