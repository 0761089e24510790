import { defineModule } from '../module.ts'
import { VERIFY } from './letters.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { letterFilePage, letterPage } from './pages/letter.tsx'
import { verifyLetterPage } from './pages/verify.tsx'
import { lettersRetention } from './retention.ts'

/** Letters as PDF, with a number that everybody who holds one can verify. */
export const lettersPart = defineModule({
  name: 'letters',
  pages: [verifyLetterPage, letterPage, letterFilePage],
  sitemap: async () => [{ path: VERIFY }],
  retention: lettersRetention,
  messages: { tg, ru, en },
})
