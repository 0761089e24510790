import type { Ctx } from '#kernel/context.ts'
import type { Holder } from '#kernel/my-case/holders.ts'
import { MY_CASE } from '#kernel/my-case/pages/my-case.tsx'
import { Pairs } from '#kernel/ui/blocks.tsx'
import { LinkButton } from '#kernel/ui/buttons.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { Note } from '#kernel/ui/states.tsx'
import type { Vacancy } from '#modules/vacancies/public.ts'

type Props = {
  ctx: Ctx
  holder: Holder & { pin: string | null }
  vacancy: Pick<Vacancy, 'title' | 'lang' | 'reference' | 'employer_name'>
}

/** What the person takes along: their reference and PIN, shown this once. It names nobody: it may be found. */
export function Receipt({ ctx, holder: { reference, pin }, vacancy }: Props) {
  const { t } = ctx
  return (
    <article class="flow sheet-print" lang={ctx.lang}>
      <h1>{t('applications.sent.title')}</h1>
      <Note
        state={pin ? 'ok' : 'unknown'}
        title={t(pin ? 'applications.sent.keep' : 'applications.sent.again')}
        announce
      >
        {t(pin ? 'applications.sent.keep_text' : 'applications.sent.again_text')}
      </Note>
      <Pairs
        items={[
          [t('my_case.reference'), <span class="code">{reference}</span>],
          pin !== null && [t('my_case.form.pin'), <span class="code">{pin}</span>],
          [t('applications.sent.advert'), <span lang={vacancy.lang}>{vacancy.title}</span>],
          vacancy.employer_name !== null && [
            t('applications.sent.employer'),
            <span lang={vacancy.lang}>{vacancy.employer_name}</span>,
          ],
          [t('applications.sent.date'), ctx.format.date(ctx.now)],
          [t('applications.sent.where'), `${ctx.platform.config.origin}${pathOf(ctx, MY_CASE)}`],
        ]}
      />
      <h2>{t('applications.sent.next')}</h2>
      <ol class="todo">
        {['look', 'phone', 'withdraw', 'never_pay'].map((step) => (
          <li>{t(`applications.sent.next_${step}`)}</li>
        ))}
      </ol>
      <p class="noprint">
        <LinkButton kind="second" icon="key" href={pathOf(ctx, MY_CASE)}>
          {t('my_case.title')}
        </LinkButton>
      </p>
      <p class="quiet noprint">{t('applications.sent.print')}</p>
    </article>
  )
}
