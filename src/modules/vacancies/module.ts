import { exportPages } from '#kernel/exports/pages/save.ts'
import { defineModule } from '#kernel/module.ts'
import { vacanciesApi } from './api.ts'
import { vacancyCommands } from './commands.ts'
import { countListings } from './counts.ts'
import { vacanciesDemo } from './demo.ts'
import { apartPage, togetherPage } from './duplicates/group-panel.tsx'
import { vacancyFeeds } from './feeds.ts'
import { vacanciesImport } from './import.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { urgentReviews } from './notices.ts'
import { listExport } from './pages/export.ts'
import { vacancyList } from './pages/list.tsx'
import { outcomePage } from './pages/outcome.tsx'
import { printPage } from './pages/print.tsx'
import { reportedPage, reportPage } from './pages/report.tsx'
import { reviewPage, undoPage } from './pages/review.tsx'
import { reviewExport } from './pages/review-export.ts'
import { reviewQueuePage } from './pages/review-queue.tsx'
import { vacancyPage } from './pages/show.tsx'
import { postingsApi } from './posting/api.ts'
import { postingsImport } from './posting/import.ts'
import { postingNews } from './posting/notices.ts'
import { postingsExport } from './posting/pages/list.tsx'
import { postingJobs, postingMessages, postingNavigation, postingPages } from './posting/parts.ts'
import { learnWordsJob, reindexJob, startReindexing } from './reindexing.ts'
import { rereadJob, startRereading } from './rereading.ts'
import { vacancyRetention } from './retention.ts'
import { countReviews } from './reviews.ts'
import { recheckJob, startRecheck } from './risk/recheck.ts'
import { vacancySitemap } from './sitemap.ts'
import sourcesEn from './sources/messages/en.json' with { type: 'json' }
import sourcesRu from './sources/messages/ru.json' with { type: 'json' }
import sourcesTg from './sources/messages/tg.json' with { type: 'json' }
import { vacancySearch } from './staff-search.ts'
import { vacancyWork } from './work.ts'

/** Work offers at home and abroad: imported, found, reported, reviewed. */
export const vacanciesModule = defineModule({
  name: 'vacancies',
  permissions: {
    'vacancy.review': ['vacancy_officer'],
    'vacancy.post': ['employer'],
    'vacancy.import': ['vacancy_officer', 'administrator'],
  },
  clients: { 'vacancy.post': 'key' },
  pages: [
    vacancyList,
    ...exportPages(listExport, '/vacancies'),
    vacancyPage,
    printPage,
    reportPage,
    reportedPage,
    outcomePage,
    reviewQueuePage,
    ...exportPages(reviewExport, '/work/vacancies/review'),
    reviewPage,
    undoPage,
    apartPage,
    togetherPage,
    ...postingPages,
  ],
  exports: [listExport, reviewExport, postingsExport],
  resources: vacancyFeeds,
  sitemap: vacancySitemap,
  api: (api) => {
    postingsApi(api)
    vacanciesApi(api)
  },
  navigation: [
    {
      label: 'vacancies.nav.review',
      icon: 'work',
      href: '/work/vacancies/review',
      permission: 'vacancy.review',
      count: async (ctx) => (await countReviews(ctx)).all,
    },
    ...postingNavigation,
  ],
  publicNavigation: [{ label: 'vacancies.nav.public', icon: 'work', href: '/vacancies' }],
  home: [
    {
      station: 'quick',
      label: 'vacancies.home.label',
      icon: 'work',
      href: '/vacancies',
      hint: async (ctx) => {
        const total = await countListings(ctx, { limit: 0 })
        return typeof total === 'number'
          ? ctx.t('vacancies.home.count', { count: total })
          : ctx.t('vacancies.home.many', { count: ctx.format.number(total.atLeast) })
      },
    },
  ],
  workItems: vacancyWork,
  search: [vacancySearch],
  notifications: [urgentReviews, postingNews],
  imports: [vacanciesImport, postingsImport],
  commands: vacancyCommands,
  jobs: {
    'vacancies.reindex': reindexJob,
    'vacancies.reread': rereadJob,
    'vacancies.recheck': recheckJob,
    'vacancies.learn_words': learnWordsJob,
    ...postingJobs,
  },
  cron: [{ task: 'vacancies.learn_words', match: '20 22 * * *' }],
  retention: vacancyRetention,
  reference: async (db) => {
    await startReindexing(db)
    await startRereading(db)
    await startRecheck(db)
  },
  demo: vacanciesDemo,
  messages: {
    tg: { ...tg, ...sourcesTg, ...postingMessages.tg },
    ru: { ...ru, ...sourcesRu, ...postingMessages.ru },
    en: { ...en, ...sourcesEn, ...postingMessages.en },
  },
})
