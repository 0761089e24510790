import { definePage } from '#kernel/http/page.ts'
import { Note } from '#kernel/ui/states.tsx'
import { Outside } from './outside.tsx'
import { Section, Statement } from './statement.tsx'

/** What Hamsafar is, for whom, and whose data it shows. */
export const aboutPage = definePage({
  path: '/about',
  access: 'public',
  get(ctx) {
    const { t } = ctx
    const trudvsem = t.rich('site.about.source_trudvsem', {
      a: (chunks) => <Outside href="https://trudvsem.ru">{chunks}</Outside>,
    })
    return (
      <Statement ctx={ctx} name="about">
        {ctx.platform.demonstration && (
          <Note state="attention" title={t('site.about.demonstration.title')}>
            {t('site.about.demonstration.text')}
          </Note>
        )}
        <Section ctx={ctx} heading="site.about.now" lines={['site.about.now_text', 'site.about.next_text']} />
        <Section ctx={ctx} heading="site.about.who" lines={['site.about.who_text', 'site.about.who_staff']} />
        <Section
          ctx={ctx}
          heading="site.about.sources"
          lines={[<>{trudvsem}</>, 'site.about.source_isco', 'site.about.source_esco', 'site.about.source_help']}
        />
        <Section
          ctx={ctx}
          heading="site.about.language"
          lines={['site.about.language_text', 'site.about.language_review']}
        />
        <Section ctx={ctx} heading="site.about.licence" lines={['site.about.licence_text']} />
      </Statement>
    )
  },
})
