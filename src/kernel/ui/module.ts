import { defineModule } from '../module.ts'
import { designPage } from './design-page.tsx'
import { designWorkPage } from './design-work-page.tsx'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

/** The platform's own words, and the page that shows its parts. */
export const uiPart = defineModule({
  name: 'ui',
  pages: [designPage, designWorkPage],
  // The short address leads to the language that most contributors read.
  resources: [{ path: '/design', get: (_ctx, c) => c.redirect('/en/design', 302) }],
  messages: { tg, ru, en },
})
