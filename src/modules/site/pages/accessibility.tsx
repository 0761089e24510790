import { definePage } from '#kernel/http/page.ts'
import { Section, Statement, WRITTEN_ON } from './statement.tsx'

const WORKS = ['script', 'small', 'keyboard', 'reader', 'colour'].map((name) => `site.accessibility.works_${name}`)
const NOT_YET = ['users', 'adverts', 'audio', 'tajik'].map((name) => `site.accessibility.not_${name}`)

/** What works for people with disabilities, what does not, and how that was checked. */
export const accessibilityPage = definePage({
  path: '/accessibility',
  access: 'public',
  get(ctx) {
    return (
      <Statement ctx={ctx} name="accessibility">
        <Section ctx={ctx} heading="site.accessibility.works" lines={WORKS} />
        <Section ctx={ctx} heading="site.accessibility.not" lines={NOT_YET} />
        <Section ctx={ctx} heading="site.accessibility.how" lines={['site.accessibility.how_text']} />
        <p class="source">{ctx.t('site.accessibility.date', { date: ctx.format.date(WRITTEN_ON) })}</p>
      </Statement>
    )
  },
})
