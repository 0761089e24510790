import { defineModule } from '#kernel/module.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { AGENCIES_PATH, agenciesPage } from './pages/agencies.tsx'
import { OFFICES_PATH, officesPage } from './pages/offices.tsx'
import { PATENT_PATH, patentPage } from './pages/patent.tsx'

/** Before taking a job: what a patent allows, whether an agency is real, and the offices that help. */
export const guideModule = defineModule({
  name: 'guide',
  pages: [patentPage, agenciesPage, officesPage],
  home: [
    { station: 'before', icon: 'doc', label: 'guide.home.patent', href: PATENT_PATH },
    { station: 'before', icon: 'office', label: 'guide.home.offices', href: `${OFFICES_PATH}#recruitment` },
    { station: 'back', icon: 'office', label: 'guide.home.register', href: OFFICES_PATH },
  ],
  sitemap: async () => [PATENT_PATH, AGENCIES_PATH, OFFICES_PATH].map((path) => ({ path })),
  messages: { tg, ru, en },
})
