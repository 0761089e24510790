import { exportPages } from '#kernel/exports/pages/save.ts'
import en from './messages/en.json' with { type: 'json' }
import ru from './messages/ru.json' with { type: 'json' }
import tg from './messages/tg.json' with { type: 'json' }
import { contractCopyPage, ownContractCopyPage, reviewedContractCopyPage } from './pages/contract-copy.tsx'
import { LIST, postingsExport, postingsPage } from './pages/list.tsx'
import { draftPage, newPostingPage, postingActPage, postingPage } from './pages/posting.tsx'
import { answerReviewerPage, askPosterPage } from './pages/question.tsx'
import { followEmployerJob, takeInJob } from './taking-in.ts'

/** What posting adds to the module's manifest. */
export const postingPages = [
  postingsPage,
  ...exportPages(postingsExport, LIST),
  newPostingPage,
  postingPage,
  draftPage,
  postingActPage,
  ownContractCopyPage,
  contractCopyPage,
  reviewedContractCopyPage,
  askPosterPage,
  answerReviewerPage,
]
export const postingJobs = { 'vacancies.take_in': takeInJob, 'vacancies.follow_employer': followEmployerJob }
export const postingNavigation = [
  { label: 'vacancies.posting.title', icon: 'work', href: LIST, permission: 'vacancy.post' },
] as const
export const postingMessages = { tg, ru, en }
