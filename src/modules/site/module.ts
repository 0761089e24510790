import { defineModule } from '#kernel/module.ts'
import { languageRoots, robots, sitemap } from './files.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { aboutPage } from './pages/about.tsx'
import { accessibilityPage } from './pages/accessibility.tsx'
import { chooser } from './pages/chooser.tsx'
import { helpPage } from './pages/help.tsx'
import { homePage } from './pages/home.tsx'
import { nowPage } from './pages/now.tsx'
import { privacyPage } from './pages/privacy.tsx'
import { ROAD } from './road.ts'

const LISTED = ['/', '/help', '/about', '/accessibility', '/privacy'] as const

export const siteModule = defineModule({
  name: 'site',
  pages: [homePage, helpPage, nowPage, aboutPage, accessibilityPage, privacyPage],
  resources: [chooser, ...languageRoots, robots, sitemap],
  publicNavigation: [{ label: 'site.nav.help', icon: 'pin', href: '/help' }],
  home: ROAD,
  sitemap: async () => LISTED.map((path) => ({ path })),
  messages: { tg, ru, en },
})
