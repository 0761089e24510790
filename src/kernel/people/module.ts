import { defineModule } from '../module.ts'
import { compareCommand, linkCommand } from './commands.ts'
import { peopleDemo } from './demo.ts'
import { receiveEntryJob } from './entries.ts'
import { learnFrequenciesJob } from './frequencies.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { peopleNeeds } from './needs.ts'
import { officeCommand } from './offices.ts'
import { looks } from './own-log.ts'
import { personActsPage } from './pages/acts.tsx'
import { personLogPage } from './pages/log.tsx'
import { enteredPage, newPersonPage } from './pages/new.tsx'
import { personNumbersPage, personPage } from './pages/person.tsx'
import { personReviewPage, personReviewUndoPage } from './pages/review.tsx'
import { personReviewsPage } from './pages/review-queue.tsx'
import { peoplePage } from './pages/search.tsx'
import { moveRegistryKey } from './registry-key.ts'
import { reindexPeopleJob, startReindexing } from './reindexing.ts'
import { peopleRetention } from './retention.ts'
import { countReviews } from './reviews.ts'
import { personSearch } from './staff-search.ts'
import { personWork } from './work.ts'

/** Who is who: names, documents and dates of people, and whether two records are one of them. */
export const peoplePart = defineModule({
  name: 'people',
  permissions: {
    'person.search': ['registry_officer'],
    'person.read': ['registry_officer'],
    'person.review': ['registry_officer'],
    'person.merge': ['registry_officer'],
    'person.protect': ['registry_officer'],
    'person.enter': ['registry_officer', 'adviser'],
    'person.reach': ['consul', 'notice_officer'],
  },
  pages: [
    peoplePage,
    newPersonPage,
    enteredPage,
    personReviewsPage,
    personReviewPage,
    personReviewUndoPage,
    personPage,
    personNumbersPage,
    personActsPage,
    personLogPage,
  ],
  navigation: [
    { label: 'people.nav', icon: 'person', href: '/work/people', permission: 'person.search' },
    { label: 'people.new.title', icon: 'person', href: '/work/people/new', permission: 'person.enter' },
    {
      label: 'people.nav.review',
      icon: 'people',
      href: '/work/people/review',
      permission: 'person.review',
      count: async (ctx) => (await countReviews(ctx, { most: 100 })).all,
    },
  ],
  workItems: personWork,
  search: [personSearch],
  jobs: {
    'people.reindex': reindexPeopleJob,
    'people.learn_frequencies': learnFrequenciesJob,
    'people.receive_entry': receiveEntryJob,
  },
  cron: [{ task: 'people.learn_frequencies', match: '40 22 * * *' }],
  commands: [linkCommand, compareCommand, officeCommand],
  reference: startReindexing,
  retention: peopleRetention,
  personNeeds: peopleNeeds,
  ownLog: [looks],
  moveKey: moveRegistryKey,
  demo: peopleDemo,
  messages: { tg, ru, en },
})
