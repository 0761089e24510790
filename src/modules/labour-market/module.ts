import { exportPages } from '#kernel/exports/pages/save.ts'
import { defineModule } from '#kernel/module.ts'
import { labourMarketDemo } from './demo.ts'
import { reckonJob } from './figures.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { marketExport } from './pages/export.ts'
import { MARKET_PATH, marketPage } from './pages/market.tsx'
import { REGISTERED_PATH, registeredExport, registeredPage } from './pages/registered.tsx'

/** What work is offered, where, for how much, beside those who look for it: by month, nothing of fewer than ten. */
export const labourMarketModule = defineModule({
  name: 'labour_market',
  permissions: { 'labour_market.enter': ['employment_officer'] },
  pages: [
    marketPage,
    ...exportPages(marketExport, MARKET_PATH),
    registeredPage,
    ...exportPages(registeredExport, REGISTERED_PATH),
  ],
  exports: [marketExport, registeredExport],
  navigation: [
    {
      label: 'labour_market.enter.nav',
      icon: 'chart',
      href: REGISTERED_PATH,
      permission: 'labour_market.enter',
    },
  ],
  publicNavigation: [{ label: 'labour_market.nav_public', icon: 'chart', href: MARKET_PATH }],
  home: [{ station: 'back', icon: 'chart', label: 'labour_market.nav', href: MARKET_PATH }],
  sitemap: async () => [{ path: MARKET_PATH }],
  jobs: { 'labour_market.reckon': reckonJob },
  cron: [{ task: 'labour_market.reckon', match: '10 23 * * *' }],
  demo: labourMarketDemo,
  messages: { tg, ru, en },
})
