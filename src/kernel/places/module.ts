import { defineModule } from '../module.ts'
import { loadPlaces } from './load.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

export const placesPart = defineModule({
  name: 'places',
  reference: async (db) => {
    await loadPlaces(db)
  },
  messages: { tg, ru, en },
})
