import { defineModule } from '../module.ts'
import { loadVocabulary } from './load.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { findPage } from './staff-page.tsx'

/** How texts are compared, and the search box of the workspace: what is found there, the parts say. */
export const searchPart = defineModule({
  name: 'search',
  pages: [findPage],
  reference: async (db) => void (await loadVocabulary(db)),
  messages: { tg, ru, en },
})
