import { defineModule } from '../module.ts'
import { designPage } from './design-page.tsx'
import { designWorkPage } from './design-work-page.tsx'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }

/** The platform's own words, and the page that shows its parts. */
export const uiPart = defineModule({ name: 'ui', pages: [designPage, designWorkPage], messages: { tg, ru, en } })
