import { defineModule } from '#kernel/module.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { DAYS_PATH, daysPage } from './pages/days.tsx'
import { workerPage } from './pages/worker.ts'

/** The stay counter: how many days one may still be in Russia, counted on the person's own phone. */
export const stayModule = defineModule({
  name: 'stay',
  pages: [daysPage, workerPage],
  home: [
    {
      station: 'quick',
      icon: 'calendar',
      label: 'stay.home.label',
      href: DAYS_PATH,
      hint: async ({ t }) => t('stay.home.hint'),
    },
  ],
  sitemap: async () => [{ path: DAYS_PATH }],
  messages: { tg, ru, en },
})
