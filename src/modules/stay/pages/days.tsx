import type { Ctx } from '#kernel/context.ts'
import { asset } from '#kernel/http/assets.ts'
import { definePage } from '#kernel/http/page.ts'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { Note } from '#kernel/ui/states.tsx'
import { stayRules } from '../stay-rules.ts'
import { Counter } from './counter.tsx'
import { Example, PaperTable, RuleBook } from './rule-book.tsx'

export const DAYS_PATH = '/days'

/** "My days in Russia": counted on the phone by a script; without one the rule, an example and a table for paper. */
export const daysPage = definePage({ path: DAYS_PATH, access: 'public', steady: true, get: daysDocument })

/** The page itself, which the worker for offline reading takes as well. */
export async function daysDocument(ctx: Ctx) {
  const { t } = ctx
  const rules = await stayRules(ctx)
  const known = rules.limits.total.length > 0
  return (
    <PublicPage
      ctx={ctx}
      title={t('stay.title')}
      description={t('stay.lead')}
      path={DAYS_PATH}
      head={known && <script type="module" src={asset('days.js')} />}
    >
      <div class="flow">
        <p class="btns">
          <LinkButton kind="second" icon="x" href={pathOf(ctx, '/vacancies')}>
            {t('stay.leave')}
          </LinkButton>
        </p>
        <h1>{t('stay.title')}</h1>
        <p>{t('stay.lead')}</p>
        <p class="quiet">
          {t('stay.who')} {t('stay.private')}
        </p>
        {known ? (
          <Counter ctx={ctx} rules={rules} />
        ) : (
          <Note state="unknown" title={t('stay.unknown')}>
            {t('stay.unknown_text')}
          </Note>
        )}
        <RuleBook ctx={ctx} rules={rules} />
        {known && <Example ctx={ctx} limits={rules.limits} />}
        <PaperTable ctx={ctx} />
      </div>
    </PublicPage>
  )
}
